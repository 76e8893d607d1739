import { ServiceError } from "../component/contract/service-error.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { keepingAwake } from "../services/keeping-awake.ts";
import type { MailTransport, SentEmail } from "../services/mail/mail-transport.ts";

/** How a mail server behaves that does not exist. Nothing goes wrong, and at once, where nothing is said. */
export interface RecordingMailOptions {
  /** In whose name messages are sent by plugins that were given no other: "tests@example.com". */
  readonly from?: string;
  /** Milliseconds that it takes for each answer. */
  readonly delayMs?: number;
  /** By which it takes its time: the one that the host was given, if that is a virtual one. */
  readonly clock?: Clock;
}

/** A mail server for `createHost({ mail })` and `testPlugin`: it keeps what it is sent. */
export class RecordingMail implements MailTransport {
  readonly from: string;
  /** What it has taken, the oldest first. */
  readonly messages: SentEmail[] = [];
  /** How often it is still to fail, as a server does that is away: Infinity is always. */
  failures = 0;
  readonly #delayMs: number;
  readonly #clock: Clock;

  constructor({ from = "tests@example.com", delayMs = 0, clock = systemClock }: RecordingMailOptions = {}) {
    this.from = from;
    this.#delayMs = delayMs;
    this.#clock = clock;
  }

  /** Keeps a message, unless it is to fail. */
  async send(message: SentEmail): Promise<void> {
    await this.verify();
    this.messages.push(message);
  }

  /** Fails if it is to fail. */
  async verify(): Promise<void> {
    if (this.#delayMs > 0) {
      await keepingAwake(new Promise<void>((done) => void this.#clock.after(this.#delayMs, done)));
    }
    if (this.failures <= 0) return;
    this.failures--;
    throw new ServiceError("unavailable", "The mail server cannot be reached now.");
  }
}
