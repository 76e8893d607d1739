import assert from "node:assert/strict";
import { test } from "node:test";
import {
  encodeMessage,
  MessageReader,
  type SqliteRequest,
} from "../../../../host/services/database/sqlite-message.ts";

const messages: SqliteRequest[] = [
  { type: "begin", session: 1 },
  {
    type: "query",
    session: 2,
    sql: "select ?",
    params: [2n ** 60n, new Uint8Array([1, 2]), "é", null, { a: [1.5] }],
  },
  { type: "backup", session: 3, file: "x".repeat(10_000) },
];

test("messages arrive whole, in whatever pieces they come", () => {
  const bytes = Buffer.concat(messages.map(encodeMessage));
  for (const size of [1, 3, 7, 1000, bytes.length]) {
    const reader = new MessageReader<SqliteRequest>();
    const arrived: SqliteRequest[] = [];
    for (let at = 0; at < bytes.length; at += size)
      arrived.push(...reader.push(bytes.subarray(at, at + size)));
    assert.deepEqual(arrived, messages, `in pieces of ${size}`);
  }
});
