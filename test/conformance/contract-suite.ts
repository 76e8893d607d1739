// What every function of the contract has to do, checked on the conformance plugin in whatever language.

import { suite } from "node:test";
import type { Services } from "./contract-types.ts";
import { json, load } from "./instance.ts";
import { authTests } from "./suite/auth.ts";
import { databaseTests } from "./suite/database.ts";
import { httpTests } from "./suite/http.ts";
import { lifecycleTests } from "./suite/lifecycle.ts";
import { memoryTests } from "./suite/memory.ts";
import { misbehaviourTests } from "./suite/misbehaviour.ts";
import { notificationTests } from "./suite/notification.ts";
import { serviceTests } from "./suite/services.ts";
import { stateTests } from "./suite/state.ts";
import { valueTests } from "./suite/values.ts";
import { grantingAll, type Start } from "./start.ts";

/** Runs over the component of a conformance plugin. */
export async function contractSuite(name: string, component: Uint8Array): Promise<void> {
  const instantiate = await load(component);
  const start: Start = (services: Partial<Services> = {}, settings: object | null = {}) => {
    const instance = instantiate(grantingAll(services));
    if (settings !== null) instance.exports.plugin.initialize(json(settings));
    return instance;
  };
  suite(name, () => {
    lifecycleTests(start);
    valueTests(start);
    serviceTests(start);
    databaseTests(start);
    httpTests(start);
    authTests(start);
    notificationTests(start);
    stateTests(start);
    misbehaviourTests(start);
    memoryTests(start);
  });
}
