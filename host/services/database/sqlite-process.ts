import { once } from "node:events";
import { readSync, writeSync } from "node:fs";
import { env, kill, pid } from "node:process";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import { ServiceError } from "../../component/contract/service-error.ts";
import { encodeMessage, MessageReader, type SqliteOutcome, type SqliteRequest } from "./sqlite-message.ts";
import { refusalOf } from "./sqlite-refusal.ts";
import { SqliteSession } from "./sqlite-session.ts";

/*
 * A database process: takes requests from a pipe and answers them there, one after the other.
 *
 * SQLite runs here and not in a thread of the host because node:sqlite cannot interrupt a statement: a thread
 * that is inside one cannot be ended, and would keep the whole host from ending; a process can be killed, and
 * SQLite's files survive that.
 *
 * Reading and writing block: there is nothing else to do, and it saves the event loop's time. The pipe is none of
 * the three that Node itself opens, because it would make them not block.
 */

const MESSAGES = 3;

// A pipe on which nothing ever comes: it ends when the host does, and whoever is left then removes its temporary
// files. A thread watches it, for the main thread may be inside a statement that never ends.
const GUARD = `
  const { readSync, rmSync } = require("node:fs");
  const { kill, pid } = require("node:process");
  const { workerData: temporaryFolder } = require("node:worker_threads");
  readSync(4, Buffer.alloc(1));
  try {
    rmSync(temporaryFolder, { recursive: true, force: true });
  } finally {
    kill(pid, "SIGKILL");
  }
`;

const sessions = new Map<number, SqliteSession>();

async function answer(request: SqliteRequest): Promise<SqliteOutcome> {
  if (request.type === "open") {
    sessions.set(request.session, new SqliteSession(request.settings));
    return { type: "done" };
  }
  const session = sessions.get(request.session);
  if (session === undefined) throw new Error(`There is no session ${request.session}.`);
  switch (request.type) {
    case "query":
    case "execute":
      return session[request.type](request.sql, request.params);
    case "close":
      sessions.delete(request.session);
      session.close();
      break;
    case "backup":
      await session.backup(request.file);
      break;
    default:
      session[request.type]();
  }
  return { type: "done" };
}

async function outcomeOf(request: SqliteRequest): Promise<SqliteOutcome> {
  try {
    return await answer(request);
  } catch (error) {
    const refused = "sql" in request ? sessions.get(request.session)?.refusal : undefined;
    if (refused === undefined) return refusalOf(error);
    return refusalOf(new ServiceError("denied", `${refused} is not allowed to plugins.`));
  }
}

/** Answers requests until the host is gone. */
async function serve(): Promise<void> {
  const reader = new MessageReader<SqliteRequest>();
  const buffer = Buffer.allocUnsafe(64 * 1024);
  for (let length = readSync(MESSAGES, buffer); length > 0; length = readSync(MESSAGES, buffer)) {
    for (const request of reader.push(Buffer.from(buffer.subarray(0, length)))) {
      const outcome = await outcomeOf(request);
      const inTransaction = sessions.get(request.session)?.inTransaction ?? false;
      writeAll(encodeMessage({ ...outcome, inTransaction }));
    }
  }
}

function writeAll(frame: Buffer): void {
  for (let written = 0; written < frame.length;) written += writeSync(MESSAGES, frame, written);
}

const guard = new Worker(GUARD, { eval: true, workerData: env["SQLITE_TMPDIR"] });
try {
  await serve();
} catch (error) {
  const hostIsGone = error instanceof Error && "syscall" in error;
  if (!hostIsGone) {
    writeSync(2, inspect(error));
    // Not in the ordinary way, which would wait for the guard.
    kill(pid, "SIGKILL");
  }
}
// The guard has seen the end of the host too, and ends this process.
await once(guard, "exit");
