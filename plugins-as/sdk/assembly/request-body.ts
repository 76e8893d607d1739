import { resultOfOptionalBytes } from "./abi/import-result";
import { inputBody_drop, inputBody_read } from "./abi/imports";
import { AREA } from "./abi/memory";
import { PluginError } from "./plugin-error";
import { Result } from "./result";

/** What a client sends, as it comes. */
export class RequestBody {
  constructor(private handle: i32) {}

  /**
   * The next bytes, as soon as there are any: one at least, and `maxBytes` at most; null at the end. `unavailable`
   * when the client has broken off, `limit-exceeded` when the body is longer than it may be.
   */
  read(maxBytes: u32 = 65536): Result<Uint8Array | null> {
    if (!this.handle) return Result.err<Uint8Array | null>(PluginError.conflict("this body is closed"));
    inputBody_read(this.handle, maxBytes, AREA);
    return resultOfOptionalBytes();
  }

  /** Gives it up: the rest is not read. */
  close(): void {
    const handle = this.handle;
    this.handle = 0;
    if (handle) inputBody_drop(handle);
  }
}
