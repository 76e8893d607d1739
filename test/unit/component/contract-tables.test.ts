import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EXPORTS } from "../../../host/component/contract/exports.ts";
import { camelCase, type Functions } from "../../../host/component/contract/function.ts";
import { SERVICES, type ServiceInterface } from "../../../host/component/contract/services.ts";
import { CONTRACT_PACKAGE, CONTRACT_VERSIONS } from "../../../host/component/contract/version.ts";

const WIT = join(import.meta.dirname, "../../../wit");
const TEXT = globSync("*.wit", { cwd: WIT })
  .map((file) => readFileSync(join(WIT, file), "utf8").replace(/\/\/.*$/gm, ""))
  .join("\n");

/** What WIT says of a function: its parameters in JavaScript's names, and whether it gives a `result`. */
type Signature = readonly [params: readonly string[], fallible: boolean];

/** The functions in a piece of WIT. */
function signatures(text: string): Record<string, Signature> {
  const found = text.matchAll(/^\s*([\w-]+): func\((.*?)\)(?: -> (.*?))?;/gm);
  return Object.fromEntries(
    Array.from(found, ([, name = "", params = "", result = ""]) => {
      const names = Array.from(params.matchAll(/%?([\w-]+): /g), ([, param = ""]) => camelCase(param));
      return [name, [names, result.startsWith("result<")]];
    }),
  );
}

/** The same of one of our tables. */
function tabled(functions: Functions<unknown>): Record<string, Signature> {
  return Object.fromEntries(
    Object.entries(functions).map(([name, { params, fallible }]) => [name, [Object.keys(params), fallible]]),
  );
}

function interfaceText(name: string): string {
  const [, text] = new RegExp(`^interface ${name} \\{(.*?)^\\}`, "ms").exec(TEXT) ?? [];
  assert.ok(text !== undefined, `wit/ has no interface ${name}`);
  return text;
}

test("the table of exports is what wit/ says", () => {
  for (const [name, functions] of Object.entries(EXPORTS)) {
    assert.deepEqual(tabled(functions), signatures(interfaceText(name)), name);
  }
});

test("the table of services is what wit/ says, resources included", () => {
  for (const [name, service] of Object.entries<ServiceInterface>(SERVICES)) {
    const text = interfaceText(name);
    assert.deepEqual(
      tabled(service.functions),
      signatures(text.replace(/^ {4}resource .*?^ {4}\}/gms, "")),
      name,
    );
    for (const [resource, methods] of Object.entries(service.resources)) {
      const [, inside = ""] = new RegExp(`resource ${resource} \\{(.*?)^ {4}\\}`, "ms").exec(text) ?? [];
      assert.deepEqual(tabled(methods), signatures(inside), `${name}.${resource}`);
    }
  }
});

test("every interface that the world of all exports and imports is in a table", () => {
  const [, world = ""] = /^world all \{(.*?)^\}/ms.exec(TEXT) ?? [];
  const [, services = ""] = /^world services \{(.*?)^\}/ms.exec(TEXT) ?? [];
  const exported = Array.from(world.matchAll(/export ([\w-]+);/g), ([, name]) => name);
  const imported = Array.from(services.matchAll(/import ([\w-]+);/g), ([, name]) => name);
  assert.deepEqual(new Set(["plugin", ...exported]), new Set(Object.keys(EXPORTS)));
  assert.deepEqual(new Set(imported), new Set(Object.keys(SERVICES)));
});

test("the host serves the version that wit/ is", () => {
  assert.ok(TEXT.includes(`package ${CONTRACT_PACKAGE}@${CONTRACT_VERSIONS[0]};`));
});
