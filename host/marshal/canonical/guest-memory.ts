import { decodeText } from "../recent-texts.ts";
import { AbiViolation } from "./abi-violation.ts";

/** What a plugin gives the host to write with: `cabi_realloc` of the canonical ABI. */
export type Realloc = (old: number, oldBytes: number, align: number, sizeBytes: number) => number;

/** Where values of a function lie, found when they are first needed. */
interface GuestParts {
  readonly memory: WebAssembly.Memory | undefined;
  readonly realloc: Realloc | undefined;
}

/** What is handed over at once may have so many bytes at least, however small the memory is that it lies in. */
const LEAST_ALLOWANCE_BYTES = 2 ** 24;

/** Up to this length a loop is faster than to call what encodes texts. */
const SHORT_TEXT = 24;

/**
 * The memory of a core instance, as the canonical ABI reads and writes it. Nothing that a plugin says of it is
 * believed: what lies outside, or where it is not allowed to lie, is an `AbiViolation` or a `RangeError`.
 */
export class GuestMemory {
  readonly #find: () => GuestParts;
  #parts: GuestParts | undefined;
  #allowance = 0;
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Of the text or list that was written last: its length, in bytes for a text, and else in items. */
  written = 0;

  constructor(find: () => GuestParts) {
    this.#find = find;
  }

  /**
   * Begins to read: what is read from now on may together be no larger than the memory, or 16 MiB. So lists
   * whose items all lie in the same place take no more room here than there.
   */
  open(): void {
    this.refresh();
    this.#allowance = Math.max(this.bytes.length, LEAST_ALLOWANCE_BYTES);
  }

  /** To be called after the plugin's code ran: where a memory has grown, there is nothing in its old place. */
  refresh(): void {
    if (this.bytes.length > 0) return;
    this.#parts ??= this.#find();
    const { memory } = this.#parts;
    if (!memory) throw new AbiViolation("it has no memory");
    this.bytes = Buffer.from(memory.buffer);
    this.view = new DataView(memory.buffer);
  }

  /** Has the plugin make room for something. */
  allocate(sizeBytes: number, align: number): number {
    if (sizeBytes === 0) return align;
    this.#parts ??= this.#find();
    const { realloc } = this.#parts;
    if (!realloc) throw new AbiViolation("it has no function that allocates");
    const at = realloc(0, 0, align, sizeBytes) >>> 0;
    this.refresh();
    this.#verify(at, sizeBytes, align);
    return at;
  }

  /** Holds an address that the plugin gave against its memory. */
  verify(at: number, sizeBytes: number, align: number): void {
    this.#verify(at, sizeBytes, align);
    this.charge(sizeBytes);
  }

  /** Counts what is made on this side of something that is read. */
  charge(sizeBytes: number): void {
    this.#allowance -= sizeBytes;
    if (this.#allowance < 0) throw new AbiViolation("it says more than its memory holds");
  }

  text(at: number, sizeBytes: number): string {
    this.verify(at, sizeBytes, 1);
    return decodeText(this.bytes, at, at + sizeBytes);
  }

  /** A copy. */
  block(at: number, sizeBytes: number): Uint8Array<ArrayBuffer> {
    this.verify(at, sizeBytes, 1);
    return new Uint8Array(this.bytes.subarray(at, at + sizeBytes));
  }

  /** Returns where it stands; `written` is how long it is. */
  writeText(text: string): number {
    const { length } = text;
    if (isShortAscii(text)) {
      const at = this.allocate(length, 1);
      for (let i = 0; i < length; i++) this.bytes[at + i] = text.charCodeAt(i);
      this.written = length;
      return at;
    }
    const sizeBytes = Buffer.byteLength(text);
    const at = this.allocate(sizeBytes, 1);
    // A text that takes one byte a character is ASCII.
    this.bytes.write(text, at, sizeBytes, sizeBytes === length ? "latin1" : "utf8");
    this.written = sizeBytes;
    return at;
  }

  /** Returns where they stand; `written` is how many they are. */
  writeBlock(block: Uint8Array): number {
    const at = this.allocate(block.length, 1);
    this.bytes.set(block, at);
    this.written = block.length;
    return at;
  }

  #verify(at: number, sizeBytes: number, align: number): void {
    if (at % align !== 0) throw new AbiViolation(`the address ${at} is not aligned to ${align}`);
    if (at + sizeBytes > this.bytes.length) {
      throw new AbiViolation(`${sizeBytes} bytes at ${at} lie beyond its memory`);
    }
  }
}

function isShortAscii(text: string): boolean {
  if (text.length > SHORT_TEXT) return false;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false;
  }
  return true;
}
