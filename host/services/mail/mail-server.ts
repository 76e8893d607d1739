import { createTransport, type Transporter } from "nodemailer";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { MailSettings } from "../../config/settings.ts";
import type { MailTransport, SentEmail } from "./mail-transport.ts";

/** The mail server that the host's settings name. A connection is made for each message. */
export class MailServer implements MailTransport {
  readonly from: string;
  readonly #transport: Transporter;

  /** @param timeoutMs For connecting, and for each answer of the server. */
  constructor({ url, from }: MailSettings, timeoutMs: number) {
    this.from = from;
    this.#transport = createTransport({
      url,
      dnsTimeout: timeoutMs,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      // A message is nothing but the texts that are given here.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  /** @throws ServiceError when it was not taken for every recipient */
  async send({ from, to, subject, text, html }: SentEmail): Promise<void> {
    const recipients = to.map((address) => ({ name: "", address }));
    const envelope = { from, to: [...to] };
    const message = { envelope, from: { name: "", address: from }, to: recipients, subject, text, html };
    const { rejected = [] } = await attempt(this.#transport.sendMail(message));
    if (rejected.length === 0) return;
    const missed = `${rejected.length} of ${to.length} recipients`;
    throw new ServiceError("invalid-input", `The mail server did not take the message for ${missed}.`);
  }

  /** @throws ServiceError when it cannot be reached, or does not let the host in */
  async verify(): Promise<void> {
    await attempt(this.#transport.verify());
  }
}

interface MailError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

async function attempt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asServiceError(error as MailError);
  }
}

/** What the server says may hold addresses and secrets of the host's; its code does not. */
function asServiceError(error: MailError): ServiceError {
  const { code = "no code", responseCode } = error;
  const cause = { cause: error };
  if (code === "EAUTH")
    return new ServiceError("unavailable", "The mail server does not let this host in.", cause);
  if (code === "ETIMEDOUT")
    return new ServiceError("timeout", "The mail server did not answer in time.", cause);
  if (responseCode !== undefined && responseCode >= 500) {
    return new ServiceError(
      "invalid-input",
      `The mail server refuses the message: code ${responseCode}.`,
      cause,
    );
  }
  return new ServiceError(
    "unavailable",
    `The mail server cannot take it now: ${responseCode ?? code}.`,
    cause,
  );
}
