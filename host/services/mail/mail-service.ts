import type { Email } from "../../component/contract/data.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { MailService } from "../../component/contract/services.ts";
import { coversRecipient, parseMailAddress } from "../../config/mail-address.ts";
import type { MailGrant } from "../../config/settings.ts";
import { quote } from "../../core/error-codes.ts";
import type { TokenBucket } from "../token-bucket.ts";
import type { MailTransport } from "./mail-transport.ts";

export interface MailLimits {
  /** Of one plugin: each recipient counts, and each look at whether the server can be reached. */
  readonly messagesPerMinute: number;
  /** Of one message. */
  readonly maxRecipients: number;
  /** UTF-8 of a message's subject, text and HTML together. */
  readonly maxMessageBytes: number;
  /** Milliseconds for connecting, and for each answer of the server. */
  readonly timeoutMs: number;
}

interface MailServiceOptions {
  readonly grant: MailGrant;
  /** Undefined where the settings name none. */
  readonly server: MailTransport | undefined;
  readonly rate: TokenBucket;
  readonly limits: MailLimits;
}

/** Sends one plugin's messages, to those that it was granted and in the name that it was given. @see wit/services.wit */
export function createMailService({ grant, server, rate, limits }: MailServiceOptions): MailService {
  const count = (messages: number) => {
    if (rate.take(messages)) return;
    const most = `${limits.messagesPerMinute} a minute`;
    throw new ServiceError("limit-exceeded", `That is more messages than ${most}. Try again later.`);
  };
  return {
    async send(email) {
      const to = grantedRecipients(email, grant);
      verifySize(email, limits);
      const known = existing(server);
      count(to.length);
      await known.send({ ...email, to, from: grant.from ?? known.from });
    },
    async verify() {
      const known = existing(server);
      // It signs in to the server as a message does.
      count(1);
      await known.verify();
    },
  };
}

/** @throws ServiceError when a recipient is no address, or not granted */
function grantedRecipients({ to }: Email, grant: MailGrant): string[] {
  return to.map((written) => {
    const address = parseMailAddress(written);
    if (address === undefined) {
      throw new ServiceError("invalid-input", `${quote(written)} is no address such as ada@example.com.`);
    }
    if (grant.to.some((granted) => coversRecipient(granted, address))) return address;
    const setting = `"mail": ["${address}"]`;
    throw new ServiceError(
      "denied",
      `A message to ${address} is not granted. The settings would say: ${setting}.`,
    );
  });
}

function verifySize({ to, subject, text, html = "" }: Email, limits: MailLimits): void {
  if (to.length === 0) throw new ServiceError("invalid-input", "The message has no recipient.");
  if (to.length > limits.maxRecipients) {
    throw new ServiceError(
      "limit-exceeded",
      `A message may have ${limits.maxRecipients} recipients, and this one has ${to.length}.`,
    );
  }
  // A line break would begin another header.
  if (/\p{Cc}/u.test(subject)) {
    throw new ServiceError("invalid-input", "A subject is one line, without control characters.");
  }
  const sizeBytes = [subject, text, html].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  if (sizeBytes <= limits.maxMessageBytes) return;
  throw new ServiceError("limit-exceeded", `The message is larger than ${limits.maxMessageBytes} bytes.`);
}

function existing(server: MailTransport | undefined): MailTransport {
  if (server) return server;
  const setting = '"mail": { "url": "smtp://…", "from": "…" }';
  throw new ServiceError("unsupported", `This host has no mail server. Its settings would say: ${setting}.`);
}
