import { BodySource } from "../wasi-http/body-source.ts";
import { type ByteSink, InputStream, OutputStream } from "../wasi-io.ts";
import { streamError } from "./fs-error.ts";
import type { Held } from "./held.ts";
import type { OpenFiles } from "./open-files.ts";

/** What is read at once, and what waits at most to be written. */
const PIECE_BYTES = 65_536;

/** The bytes of a file from an offset to its end. */
export function readStream(files: OpenFiles, file: Promise<Held>, offset: number): InputStream {
  const held = file.then((opened) => opened.hold());
  const source = new BodySource(piecesOf(held, offset), streamError);
  return new InputStream(files.resources, source, () => {
    source.close();
    void held.then((opened) => opened.release()).catch(() => undefined);
  });
}

async function* piecesOf(file: Promise<Held>, offset: number): AsyncGenerator<Uint8Array, void> {
  const { handle } = await file;
  for (let at = offset; ;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** @param offset Undefined: at the end, wherever that is by then. */
export function writeStream(files: OpenFiles, file: Promise<Held>, offset: number | undefined): OutputStream {
  const held = file.then((opened) => opened.hold());
  const sink = new FileSink(held, offset);
  return new OutputStream(files.resources, sink, () => {
    void sink.settled().then(() => held.then((opened) => opened.release()).catch(() => undefined));
  });
}

/** Writes what it is given, one after the other. */
class FileSink implements ByteSink {
  readonly #file: Promise<Held>;
  #offset: number | undefined;
  #waitingBytes = 0;
  #last: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(file: Promise<Held>, offset: number | undefined) {
    this.#file = file;
    this.#offset = offset;
    file.catch(() => undefined);
  }

  /** When nothing more is under way. Does not fail. */
  settled(): Promise<void> {
    return this.#last;
  }

  ready(): boolean {
    return this.#failure !== undefined || this.#waitingBytes < PIECE_BYTES;
  }

  wait(): Promise<void> {
    return this.#last;
  }

  room(): number {
    if (this.#failure !== undefined) throw this.#failure;
    return Math.max(0, PIECE_BYTES - this.#waitingBytes);
  }

  write(contents: Uint8Array): void {
    if (contents.length === 0) return;
    this.#waitingBytes += contents.length;
    this.#last = this.#last.then(() => this.#write(contents));
  }

  flushed(): Promise<void> | undefined {
    return this.#waitingBytes === 0 ? undefined : this.#last.then(() => void this.room());
  }

  async #write(contents: Uint8Array): Promise<void> {
    try {
      if (this.#failure !== undefined) return;
      const { handle } = await this.#file;
      let at = this.#offset ?? (await handle.stat()).size;
      for (let done = 0; done < contents.length;) {
        const { bytesWritten } = await handle.write(contents, done, contents.length - done, at);
        done += bytesWritten;
        at += bytesWritten;
      }
      if (this.#offset !== undefined) this.#offset = at;
    } catch (error) {
      this.#failure = streamError(error);
    } finally {
      this.#waitingBytes -= contents.length;
    }
  }
}
