// What the SDK does at the canonical ABI, seen without a host: the conformance plugin is called as jco binds it, with
// services of the test's own.

import { readFile } from "node:fs/promises";
import { suite } from "node:test";
import { fixture } from "../../kit/fixtures.ts";
import type { Services } from "../build/contract-types.ts";
import { json, load } from "../build/instance.ts";
import { authTests } from "./abi/auth.ts";
import { databaseTests } from "./abi/database.ts";
import { httpTests } from "./abi/http.ts";
import { lifecycleTests } from "./abi/lifecycle.ts";
import { memoryTests } from "./abi/memory.ts";
import { misbehaviourTests } from "./abi/misbehaviour.ts";
import { notificationTests } from "./abi/notification.ts";
import { serviceTests } from "./abi/services.ts";
import { grantingAll } from "./abi/start.ts";
import { stateTests } from "./abi/state.ts";
import { streamTests } from "./abi/streams.ts";
import { valueTests } from "./abi/values.ts";

const instantiate = await load(await readFile(fixture("conformance-as")));

function start(services: Partial<Services> = {}, settings: object | null = {}) {
  const instance = instantiate(grantingAll(services));
  if (settings !== null) instance.exports.plugin.initialize(json(settings));
  return instance;
}

suite("a plugin in AssemblyScript, at the ABI", () => {
  lifecycleTests(start);
  valueTests(start);
  serviceTests(start);
  databaseTests(start);
  httpTests(start);
  streamTests(start);
  authTests(start);
  notificationTests(start);
  stateTests(start);
  misbehaviourTests(start);
  memoryTests(start);
});
