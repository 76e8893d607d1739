import { resultOfNothing } from "../abi/import-result";
import { mail_send, mail_verify } from "../abi/imports";
import { lendBlock, reclaim } from "../abi/loan";
import { lowerString, lowerStrings } from "../abi/lower";
import { AREA } from "../abi/memory";
import { PluginError } from "../plugin-error";
import { Email } from "./email";

/** A service: e-mail, by the host's mail server. The permission `mail`. */
export namespace mail {
  /** Sends a message. Success means that the mail server has taken it for every recipient. */
  export function send(email: Email): PluginError | null {
    const record = lendBlock(32);
    lowerStrings(record, email.to);
    lowerString(record + 8, email.subject);
    lowerString(record + 16, email.text);
    const html = email.html;
    lowerString(record + 24, html ? html : "");
    mail_send(
      load<usize>(record),
      load<i32>(record, 4),
      load<usize>(record, 8),
      load<i32>(record, 12),
      load<usize>(record, 16),
      load<i32>(record, 20),
      html !== null,
      load<usize>(record, 24),
      load<i32>(record, 28),
      AREA,
    );
    reclaim();
    return resultOfNothing();
  }

  /** Whether the mail server can be reached and lets the host in: if not, `unavailable`. */
  export function verify(): PluginError | null {
    mail_verify(AREA);
    return resultOfNothing();
  }
}
