import { readSync, writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { ServiceError } from "../../component/contract/service-error.ts";
import { encodeMessage, MessageReader, type SqliteOutcome, type SqliteRequest } from "./sqlite-message.ts";
import { refusalOf } from "./sqlite-refusal.ts";
import { SqliteSession } from "./sqlite-session.ts";

/*
 * A database process: reads requests from its input, writes answers to its output, one after the other.
 *
 * SQLite runs here and not in a thread of the host because node:sqlite cannot interrupt a statement: a thread
 * that is inside one cannot be ended, and would keep the whole host from ending; a process can be killed, and
 * SQLite's files survive that. Reads block: there is nothing else to do, and it saves the event loop's time.
 */

const REQUESTS = 0;
const ANSWERS = 1;

// A pipe on which nothing ever comes: it ends when the host does. A thread watches it, for the main thread may
// be inside a statement that never ends.
const GUARD = `
  const { readSync } = require("node:fs");
  const { kill, pid } = require("node:process");
  readSync(3, Buffer.alloc(1));
  kill(pid, "SIGKILL");
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

const guard = new Worker(GUARD, { eval: true });
guard.unref();
const reader = new MessageReader<SqliteRequest>();
const buffer = Buffer.allocUnsafe(64 * 1024);
for (let length = readSync(REQUESTS, buffer); length > 0; length = readSync(REQUESTS, buffer)) {
  for (const request of reader.push(Buffer.from(buffer.subarray(0, length)))) {
    const outcome = await outcomeOf(request);
    const inTransaction = sessions.get(request.session)?.inTransaction ?? false;
    writeAll(encodeMessage({ ...outcome, inTransaction }));
  }
}

function writeAll(frame: Buffer): void {
  for (let written = 0; written < frame.length;) written += writeSync(ANSWERS, frame, written);
}
