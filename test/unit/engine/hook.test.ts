import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { createHook, NEXT, type Next } from "../../../host/engine/hook.ts";

const HOOK = new URL("../../../host/engine/hook.ts", import.meta.url);

/** A host that gives these answers one after the other, and notes what it was asked. */
function hookThatIsTold(...answers: Next[]): { fuel: () => unknown; asked: string[] } {
  const asked: string[] = [];
  const { fuel } = createHook({
    outOfFuel() {
      asked.push("out of fuel");
      return answers.shift() ?? NEXT.go;
    },
    yieldTurn() {
      asked.push("yield");
      return Promise.resolve();
    },
    mayGrow: () => 1,
  });
  return { fuel: fuel as () => unknown, asked };
}

const suspendable = (fuel: () => unknown) => WebAssembly.promising(fuel)();

test("the module is what its comment says", async () => {
  const source = await readFile(HOOK, "utf8");
  const wat = /```wat\n(.*?)```/s.exec(source)?.[1]?.replaceAll(/^ \* ?/gm, "") ?? "";
  const hex = Array.from(source.matchAll(/"([0-9a-f]{16,})"/g), ([, piece]) => piece).join("");
  assert.match(wat, /^\(module/);
  assert.equal(hex, Buffer.from(withoutCustomSections(await parse(wat))).toString("hex"));
});

test("it goes on, or traps by an instruction of WebAssembly, as it is told", () => {
  const going = hookThatIsTold(NEXT.go);
  going.fuel();
  assert.deepEqual(going.asked, ["out of fuel"]);
  assert.throws(() => hookThatIsTold(NEXT.trap).fuel(), { name: "RuntimeError", message: "unreachable" });
});

test("it suspends only if it is told to, and asks again before it goes on", async () => {
  const { fuel, asked } = hookThatIsTold(NEXT.yield, NEXT.go);
  await suspendable(fuel);
  assert.deepEqual(asked, ["out of fuel", "yield", "out of fuel"]);
});

test("what was told to stop while it was suspended traps", async () => {
  const { fuel } = hookThatIsTold(NEXT.yield, NEXT.trap);
  await assert.rejects(suspendable(fuel), { name: "RuntimeError", message: "unreachable" });
});

test("the pages that a memory wants to grow by are asked for as they are, also when they are taken back", () => {
  const pages: number[] = [];
  const { grow } = createHook({
    outOfFuel: () => NEXT.go,
    yieldTurn: () => Promise.resolve(),
    mayGrow: (delta) => pages.push(delta),
  });
  const mayGrow = grow as (delta: number) => number;
  assert.deepEqual([mayGrow(1), mayGrow(65_536), mayGrow(-7)], [1, 2, 3]);
  assert.deepEqual(pages, [1, 65_536, -7]);
});

/** All of its sections in this small module have a length of one byte. */
function withoutCustomSections(module: Uint8Array): number[] {
  const bytes = [...module.subarray(0, 8)];
  for (let at = 8; at < module.length; at += 2 + (module[at + 1] as number)) {
    if (module[at] !== 0) bytes.push(...module.subarray(at, at + 2 + (module[at + 1] as number)));
  }
  return bytes;
}
