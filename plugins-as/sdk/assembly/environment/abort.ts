// What takes the place of AssemblyScript's own `abort`; the build names it to the compiler.
//
// The compiler reads this while it is in the middle of the runtime, and whatever started code here would start
// before the runtime has. So no module that is imported from here, or from anywhere in this SDK, has anything at its
// top level that runs or allocates.

import { logger_log } from "../abi/imports";
import { LogLevel } from "../services/log-level";

const MAX_UNITS = 512;
const MESSAGE: usize = memory.data(3 * MAX_UNITS);
const FIELDS: usize = memory.data(3 * MAX_UNITS + 64);

/**
 * Says what went wrong in the host's log, and traps. `throw`, `assert` and the runtime come here.
 *
 * Allocates nothing, for it may be that there is no memory left. What is longer than 512 UTF-16 units is cut.
 */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const text = message === null ? "aborted" : message;
  const where = file === null ? "?" : file;
  const length = writeText(MESSAGE, text);
  const end = writeFields(FIELDS, where, line, column);
  logger_log(LogLevel.Error, MESSAGE, <i32>length, true, FIELDS, <i32>(end - FIELDS));
  unreachable();
}

/** `{ file, line, column }` in MessagePack. Returns the address after it. */
function writeFields(at: usize, file: string, line: u32, column: u32): usize {
  store<u8>(at, 0x83);
  at = writeKey(at + 1, "file");
  store<u8>(at, 0xda);
  const length = writeText(at + 3, file);
  store<u16>(at, bswap<u16>(<u16>length), 1);
  at = writeKey(at + 3 + length, "line");
  store<u8>(at, 0xce);
  store<u32>(at, bswap<u32>(line), 1);
  at = writeKey(at + 5, "column");
  store<u8>(at, 0xce);
  store<u32>(at, bswap<u32>(column), 1);
  return at + 5;
}

function writeKey(at: usize, key: string): usize {
  store<u8>(at, <u8>(0xa0 | key.length));
  return at + 1 + writeText(at + 1, key);
}

function writeText(at: usize, text: string): usize {
  const units = min(text.length, MAX_UNITS);
  return String.UTF8.encodeUnsafe(changetype<usize>(text), units, at, false, String.UTF8.ErrorMode.REPLACE);
}
