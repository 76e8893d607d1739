import { resultOfNothing } from "./abi/import-result";
import { outputBody_drop, outputBody_finish, outputBody_write } from "./abi/imports";
import { AREA } from "./abi/memory";
import { PluginError } from "./plugin-error";
import { encodeUtf8 } from "./utf8";

/** What the host takes at once. */
const MAX_PIECE: i32 = 1048576;

/** What a client gets, as it is written. */
export class ResponseBody {
  constructor(private handle: i32) {}

  /** Writes bytes, and waits while the client is slow. They are on their way when this returns. */
  write(bytes: Uint8Array): PluginError | null {
    if (!this.handle) return PluginError.conflict("this body is closed");
    for (let at = 0; at < bytes.length; at += MAX_PIECE) {
      const length = min(bytes.length - at, MAX_PIECE);
      outputBody_write(this.handle, bytes.dataStart + at, length, AREA);
      const error = resultOfNothing();
      if (error) return error;
    }
    return null;
  }

  writeText(text: string): PluginError | null {
    return this.write(Uint8Array.wrap(encodeUtf8(text)));
  }

  /** This was all. `invalid-input` if `content-length` said something else. */
  finish(): PluginError | null {
    if (!this.handle) return PluginError.conflict("this body is closed");
    outputBody_finish(this.handle, AREA);
    return resultOfNothing();
  }

  /** Gives it up. What was not finished is broken off. */
  close(): void {
    const handle = this.handle;
    this.handle = 0;
    if (handle) outputBody_drop(handle);
  }
}
