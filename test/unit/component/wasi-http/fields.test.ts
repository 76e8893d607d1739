import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields } from "../../../../host/component/wasi-http/fields.ts";
import { createHttpTypes } from "../../../../host/component/wasi-http/http-types.ts";
import { WasiResources } from "../../../../host/component/wasi-resources.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

function resources(): WasiResources {
  return new WasiResources((reason) => new Error(reason));
}

/** The error as it is thrown for the bindings. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return assert.fail("Nothing was thrown.");
}

test("names are compared without case, values stand repeatedly, and the order is kept", () => {
  const fields = new Fields(resources());
  fields.append("Set-Cookie", bytes("a=1"));
  fields.append("x", bytes("2"));
  fields.append("set-cookie", bytes("b=2"));
  assert.deepEqual(fields.get("SET-COOKIE").map(String), ["a=1", "b=2"]);
  assert.equal(fields.has("X"), true);
  fields.set("X", [bytes("3"), bytes("4")]);
  fields.delete("set-Cookie");
  assert.deepEqual(fields.toFields(), [
    { name: "X", value: "3" },
    { name: "X", value: "4" },
  ]);
});

test("bytes of values are Latin-1 for the host, in both directions", () => {
  const fields = Fields.from(resources(), [{ name: "x", value: "grün" }]);
  assert.deepEqual(fields.get("x"), [bytes("grün")]);
  assert.deepEqual(fields.toFields(), [{ name: "x", value: "grün" }]);
});

test("what describes the connection is not shown, and cannot be said", () => {
  const shown = Fields.from(resources(), [
    { name: "connection", value: "close" },
    { name: "host", value: "x" },
    { name: "accept", value: "*" },
  ]);
  assert.deepEqual(
    shown.entries().map(([name]) => name),
    ["accept"],
  );
  const own = new Fields(resources());
  assert.deepEqual(
    thrownBy(() => own.append("Transfer-Encoding", bytes("chunked"))),
    { tag: "forbidden" },
  );
});

test("nothing gets in with which a header could be ended", () => {
  const fields = new Fields(resources());
  for (const [name, value] of [
    ["a b", ""],
    ["", ""],
    ["a:", ""],
    ["a", "1\r\nb: 2"],
    ["a", "\0"],
  ] as const) {
    assert.deepEqual(
      thrownBy(() => fields.append(name, bytes(value))),
      { tag: "invalid-syntax" },
    );
    assert.deepEqual(
      thrownBy(() => fields.set(name, [bytes(value)])),
      { tag: "invalid-syntax" },
    );
  }
  assert.deepEqual(fields.entries(), []);
});

test("those of a request cannot be changed, and a clone of them can", () => {
  const fields = Fields.from(resources(), [{ name: "a", value: "1" }]);
  assert.deepEqual(
    thrownBy(() => fields.delete("a")),
    { tag: "immutable" },
  );
  const clone = fields.clone();
  clone.delete("a");
  assert.deepEqual([clone.has("a"), fields.has("a")], [false, true]);
});

test("what an instance makes is counted for it, and given back when it is dropped", () => {
  const held = resources();
  const types = createHttpTypes(held) as { Fields: typeof Fields };
  const OwnFields = types.Fields as unknown as (new () => Fields) & typeof Fields;
  const fields = new OwnFields();
  const listed = OwnFields.fromList([["a", bytes("x".repeat(100_000))]]);
  assert.ok(fields instanceof Fields && listed instanceof OwnFields);
  assert.equal(held.held, 2);
  listed[Symbol.dispose]();
  fields[Symbol.dispose]();
  assert.equal(held.held, 0);
  for (let i = 0; i < 50; i++) OwnFields.fromList([["a", bytes("x".repeat(100_000))]])[Symbol.dispose]();
});

test("an instance whose headers are too large is ended, also if it is little by little", () => {
  const fields = new Fields(resources());
  const value = bytes("x".repeat(1_000));
  assert.throws(() => {
    for (let i = 0; i < 2_000; i++) fields.append("a", value);
  }, /more than 1048576 bytes/);
});
