import assert from "node:assert/strict";
import { test } from "node:test";
import { SERVICES, type ServiceInterface } from "../../../host/component/contract/services.ts";
import { findTarget, importTarget } from "../../../host/component/direct/import-target.ts";
import { WASI_INTERFACES, wasiFunction } from "../../../host/component/wasi-contract/wasi-interfaces.ts";
import { WASI_IMPORTS, wasiInterface, wasiWaits } from "../../../host/component/wasi-names.ts";
import { WasiResources } from "../../../host/component/wasi-resources.ts";
import { wasiOf } from "../../kit/wasi-of.ts";

const DROP = "[resource-drop]";
const all = Object.entries(WASI_INTERFACES).flatMap(([owner, functions]) =>
  Object.keys(functions).map((name) => ({ owner, name })),
);

test("every interface that is given is in the tables, and nothing else", () => {
  const given = WASI_IMPORTS.map((name) => wasiInterface(`${name}@0.2.0`) ?? wasiInterface(name));
  assert.deepEqual(new Set(Object.keys(WASI_INTERFACES)), new Set(given));
});

test("every function in the tables is there", () => {
  const wasi = wasiOf(new WasiResources((reason) => new Error(reason)));
  const missing = all.filter(
    ({ owner, name }) => !name.startsWith(DROP) && !findTarget(wasi[owner], importTarget(name)),
  );
  assert.deepEqual(missing, []);
});

test("every function that waits is in the tables", () => {
  const waits = wasiWaits(["wasi:keyvalue/store"], { answers: true, files: true });
  for (const name of waits) {
    const [owner, func = ""] = name.split("#");
    assert.ok(wasiFunction(owner, func), name);
  }
});

test("no two resources have one name, by which a handle is known", () => {
  const wasi = all.flatMap(({ name }) => (name.startsWith(DROP) ? name.slice(DROP.length) : []));
  const services = Object.values<ServiceInterface>(SERVICES).flatMap(({ resources }) =>
    Object.keys(resources),
  );
  const names = [...wasi, ...services];
  assert.equal(new Set(names).size, names.length);
});

test("what every object has is no function of WASI", () => {
  assert.equal(wasiFunction("constructor", "toString"), undefined);
  assert.equal(wasiFunction("wasi:io/poll", "toString"), undefined);
  assert.equal(wasiFunction(undefined, "poll"), undefined);
});
