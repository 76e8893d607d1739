/** A message on its way, whose addresses were checked. */
export interface SentEmail {
  readonly from: string;
  /** Bare addresses. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | undefined;
}

/** What takes messages: a mail server, or in a test what stands in for one. */
export interface MailTransport {
  /** In whose name messages are sent by those who were given no other. */
  readonly from: string;
  /** Resolves when the message is taken for every recipient. */
  send(message: SentEmail): Promise<void>;
  /** Resolves if messages would be taken now. */
  verify(): Promise<void>;
}
