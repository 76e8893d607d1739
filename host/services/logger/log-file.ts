import { once } from "node:events";
import { closeSync, openSync, statSync } from "node:fs";
import { pino } from "pino";
import { HostError, messageOf } from "../../core/error.ts";
import type { LineDestination } from "./json-log.ts";

/** Who is told how a log file does. */
export interface LogFileObserver {
  /** It cannot be written to, which is told once until it can, or not be opened again. */
  failed(error: HostError<"LOG_FILE_UNUSABLE">): void;
  /** It can be written to again. */
  recovered(lostLines: number): void;
}

/** Of lines that wait until the file can be written to, in UTF-8. Those that come when there are more are lost. */
const MAX_WAITING_BYTES = 2 ** 20;

/** Those of the file's group may read it. */
const MODE = 0o640;

type Stream = ReturnType<typeof pino.destination>;

/**
 * A file that lines are added to. Each is written before `write` returns, so that none is lost with the process;
 * what goes wrong with the file is told, and stops nothing.
 */
export class LogFile implements LineDestination, AsyncDisposable {
  readonly #path: string;
  readonly #observer: LogFileObserver;
  readonly #stream: Stream;
  #failing = false;
  #closed = false;
  #lostLines = 0;

  /** @throws HostError LOG_FILE_UNUSABLE when it can be neither opened nor made */
  constructor(path: string, observer: LogFileObserver) {
    this.#path = path;
    this.#observer = observer;
    try {
      verifyWritable(path);
      this.#stream = pino.destination({ dest: path, sync: true, mode: MODE, maxLength: MAX_WAITING_BYTES });
    } catch (error) {
      throw this.#unusable(error);
    }
    this.#stream.on("error", (error: unknown) => this.#failed(error));
    this.#stream.on("write", () => this.#recovered());
    this.#stream.on("drop", () => this.#lostLines++);
  }

  write(line: string): void {
    if (!this.#closed) this.#stream.write(line);
  }

  /** Goes on in the file that has the name now: the one before may have been moved away. Does not throw. */
  reopen(): void {
    if (this.#closed) return;
    try {
      verifyWritable(this.#path);
      this.#stream.reopen();
    } catch (error) {
      this.#observer.failed(this.#unusable(error));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const closed = once(this.#stream, "close").catch(() => undefined);
    // What waits cannot be written any better now.
    if (this.#failing) this.#stream.destroy();
    else this.#stream.end();
    await closed;
  }

  #failed(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#observer.failed(this.#unusable(error));
  }

  #recovered(): void {
    if (!this.#failing) return;
    this.#failing = false;
    const lostLines = this.#lostLines;
    this.#lostLines = 0;
    this.#observer.recovered(lostLines);
  }

  #unusable(error: unknown): HostError<"LOG_FILE_UNUSABLE"> {
    const details = { file: this.#path, reason: messageOf(error) };
    return new HostError("LOG_FILE_UNUSABLE", details, { cause: error });
  }
}

/** The stream would keep what it has begun if it failed to open a file. And opening a pipe waits for who reads it. */
function verifyWritable(path: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status && !status.isFile() && !status.isCharacterDevice()) throw new Error("it is no file");
  closeSync(openSync(path, "a", MODE));
}
