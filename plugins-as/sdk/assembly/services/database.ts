import { resultOfHandle } from "../abi/import-result";
import { database_open } from "../abi/imports";
import { AREA } from "../abi/memory";
import { Result } from "../result";
import { encodeUtf8 } from "../utf8";
import { Connection } from "./connection";

/** A service: SQL databases. The permission `database`. */
export namespace database {
  /**
   * Opens a database by the name that the host's settings give it, or by a URL that the permission covers
   * ("sqlite::memory:"). It stays open until `close`.
   */
  export function open(name: string): Result<Connection> {
    const text = encodeUtf8(name);
    database_open(text, text.byteLength, AREA);
    const handle = resultOfHandle();
    return handle.isErr ? handle.as<Connection>() : Result.ok(new Connection(handle.value));
  }
}
