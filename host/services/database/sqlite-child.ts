import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { extname } from "node:path";
import { execPath } from "node:process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../core/clock.ts";
import { encodeMessage, MessageReader, type SqliteAnswer, type SqliteRequest } from "./sqlite-message.ts";

/** Why a process gave no answer. */
export type SqliteFailure =
  /** It took longer than its limit, and was killed. */
  | { readonly type: "stopped" }
  /** The host needs it no more, and killed it. */
  | { readonly type: "closed" }
  | {
      readonly type: "crashed";
      /** What it said last, for the host's log. */
      readonly detail: string;
    };

// Beside this file, and compiled when this file is.
const ENTRY = fileURLToPath(new URL(`./sqlite-process${extname(import.meta.url)}`, import.meta.url));

// Rows are garbage soon: with little room for the young a process takes half the memory, and no longer.
const FLAGS = ["--no-warnings", "--max-semi-space-size=1"];

// How long a process may take beyond a limit that it keeps by itself where it can.
const GRACE_MS = 250;

const MAX_DETAIL_LENGTH = 2000;

/** A database process, seen from the host. It answers one request at a time; the caller sees to that. */
export class SqliteChild {
  /** The sessions that are open in it. */
  readonly sessions = new Set<number>();
  /** Fulfilled when the process is gone. */
  readonly ended: Promise<void>;
  readonly #clock: Clock;
  readonly #handle: ChildProcess;
  readonly #messages: Socket;
  #settle: ((answer: SqliteAnswer | SqliteFailure) => void) | undefined;
  #end: SqliteFailure | undefined;

  /** `temporaryFolder` is where SQLite puts what does not fit into memory; it is removed if this host dies. */
  constructor(clock: Clock, temporaryFolder: string) {
    this.#clock = clock;
    this.#handle = spawn(execPath, [...FLAGS, ENTRY], {
      env: { SQLITE_TMPDIR: temporaryFolder },
      // The last two are the pipe for messages, and the one that ends when the host does.
      stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const [, , errors, messages, guard] = this.#handle.stdio as unknown as (null | Socket)[];
    if (!errors || !messages || !guard) throw new Error("A database process has no pipes.");
    this.#messages = messages;
    for (const pipe of [errors, messages, guard]) {
      pipe.unref();
      // A pipe that breaks is followed by the end of the process.
      pipe.on("error", () => undefined);
    }
    this.#listen(errors.setEncoding("utf8"));
    this.ended = new Promise((resolve) => {
      this.#handle.once("exit", () => resolve());
      this.#handle.once("error", () => resolve());
    });
    this.#keepAlive(false);
  }

  /** Sends a request and waits for its answer. A process that takes longer than `limitMs` is killed. */
  ask(request: SqliteRequest, limitMs: number): Promise<SqliteAnswer | SqliteFailure> {
    if (this.#end !== undefined) return Promise.resolve(this.#end);
    this.#keepAlive(true);
    this.#messages.write(encodeMessage(request));
    return new Promise((resolve) => {
      const cancel = this.#clock.after(limitMs + GRACE_MS, () => void this.kill("stopped"));
      this.#settle = (answer) => {
        cancel();
        this.#settle = undefined;
        this.#keepAlive(false);
        resolve(answer);
      };
    });
  }

  /** Ends it at once, whatever it does, and waits until it is gone. What was committed stays. */
  async kill(why: "stopped" | "closed"): Promise<void> {
    this.#fail({ type: why });
    this.#handle.kill("SIGKILL");
    this.#handle.ref();
    await this.ended;
  }

  #listen(errors: Readable): void {
    let detail = "";
    errors.on("data", (text: string) => {
      detail = (detail + text).slice(-MAX_DETAIL_LENGTH);
    });
    const reader = new MessageReader<SqliteAnswer>();
    this.#messages.on("data", (piece: Buffer) => {
      for (const answer of reader.push(piece)) this.#settle?.(answer);
    });
    this.#handle.once("error", (error) => this.#fail({ type: "crashed", detail: error.message }));
    this.#handle.once("close", () => this.#fail({ type: "crashed", detail }));
  }

  #fail(failure: SqliteFailure): void {
    this.#end ??= failure;
    this.#settle?.(this.#end);
  }

  /** Whether this process keeps the host's event loop going: only while an answer is due. */
  #keepAlive(wanted: boolean): void {
    for (const handle of [this.#handle, this.#messages]) {
      if (wanted) handle.ref();
      else handle.unref();
    }
  }
}
