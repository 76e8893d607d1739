import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Services } from "../../../host/component/contract/services.ts";
import { ComponentLoader, inspectComponent } from "../../../host/component/loader.ts";
import type { Placement } from "../../../host/config/settings.ts";
import { HostError } from "../../../host/core/error.ts";
import { callTarget, lowerArgs } from "../../../host/engine/call-target.ts";
import type { CallLimits } from "../../../host/engine/guard.ts";
import { inlineInstances } from "../../../host/engine/inline-instances.ts";
import { MemoryMeter } from "../../../host/engine/memory-meter.ts";
import type {
  InstanceFactory,
  InstanceServices,
  PluginInstance,
} from "../../../host/engine/plugin-instance.ts";
import { Turnstile } from "../../../host/engine/turnstile.ts";
import { WorkerPool } from "../../../host/workers/worker-pool.ts";
import { buildWat } from "../../hostile/wat-plugin.ts";
import { DO, obedientPlugin } from "../../kit/obedient-plugin.ts";

const MB = 2 ** 20;
const QUERY = callTarget("database-plugin", "execute-query");
const LIMITS: CallLimits = { deadline: Infinity, timeoutMs: 2 ** 31 - 1, cpuMs: 10_000 };
const query = (instance: PluginInstance, text: string) =>
  instance.call(QUERY, lowerArgs(QUERY, [text, []]), LIMITS);

/** Services of which a test sees that they were ended. */
class Watched implements InstanceServices {
  readonly services: Services;
  readonly folders = [];
  ended = 0;

  constructor(services: Partial<Services>) {
    this.services = {
      config: { get: () => null, all: () => ({}) },
      logger: { log: () => undefined },
      clock: { nowMs: () => 0, monotonicNs: () => 0n },
      random: { getBytes: (length) => new Uint8Array(length), getU64: () => 0n },
      peers: { call: () => Promise.resolve(null) },
      ...services,
    };
  }

  beginCall(): void {}

  lastWords(): undefined {
    return undefined;
  }

  end(): void {
    this.ended++;
  }
}

/** A service that never answers, and tells when it is asked. */
function silentHttp() {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const send = () => {
    resolve();
    return new Promise<never>(() => undefined);
  };
  return { asked, services: { "http-client": { send } } satisfies Partial<Services> };
}

for (const placement of ["inline", "worker"] as const satisfies Placement[]) {
  suite(`an instance, ${placement}`, () => {
    const memory = new MemoryMeter(64 * MB);
    let loader: ComponentLoader;
    let workers: WorkerPool;
    let factory: InstanceFactory;

    before(async () => {
      loader = await ComponentLoader.create();
      workers = new WorkerPool({ threads: 1, heapBytes: 64 * MB, systemTime: true });
      const component = inspectComponent(await obedientPlugin(), "plugin");
      const limits = { maxMemoryPages: 64, maxTableElements: 100, fuel: "sliced" } as const;
      const bindings = await loader.load(component, "plugin", limits);
      const options = { plugin: "plugin", shape: component.shape, bindings, memoryBytes: 4 * MB, memory };
      factory =
        placement === "worker"
          ? await workers.instancesOf(options)
          : inlineInstances({ ...options, turnstile: new Turnstile() });
    });
    after(async () => {
      factory.close();
      await workers[Symbol.asyncDispose]();
      await loader[Symbol.asyncDispose]();
    });

    test("is not made without a service that it imports", async () => {
      await assert.rejects(factory.create(new Watched({})), (error) => {
        assert.ok(HostError.is(error, "SERVICE_MISSING"), String(error));
        assert.deepEqual(error.details, { plugin: "plugin", service: "http-client" });
        return true;
      });
      assert.equal(memory.report().usedBytes, 0);
    });

    test("that is disposed of while it waits ends its call, and tells its services once", async () => {
      const { asked, services } = silentHttp();
      const watched = new Watched(services);
      const instance = await factory.create(watched);
      const call = query(instance, "http://127.0.0.1/");
      await asked;
      assert.equal(watched.ended, 0);
      instance[Symbol.dispose]();
      await assert.rejects(call, (error) => HostError.is(error, "PLUGIN_STOPPED"));
      assert.deepEqual([instance.dead, watched.ended], [true, 1]);
    });

    test("takes nothing of what another one knows", async () => {
      const [one, other] = await Promise.all(
        [1, 2].map(() => factory.create(new Watched(silentHttp().services))),
      );
      assert.ok(one && other);
      for (const count of [1, 2]) assert.deepEqual(await query(one, DO.count), count);
      assert.equal(await query(other, DO.count), 1);
      assert.ok(one.fuelUsed > other.fuelUsed && other.fuelUsed > 0n);
      one[Symbol.dispose]();
      assert.equal(await query(other, DO.count), 2);
      other[Symbol.dispose]();
    });
  });
}

test("a worker whose event loop does not turn is ended, and what was to be done there says so", async () => {
  await using loader = await ComponentLoader.create();
  await using workers = new WorkerPool({
    threads: 1,
    heapBytes: 64 * MB,
    systemTime: true,
    stuckAfterMs: 50,
  });
  // A start function may keep its thread for a second.
  const spins = await buildWat({ fields: "(func $start (loop $forever (br $forever))) (start $start)" });
  const component = inspectComponent(spins, "plugin");
  const limits = { maxMemoryPages: 64, maxTableElements: 100, fuel: "sliced" } as const;
  const bindings = await loader.load(component, "plugin", limits);
  const memory = new MemoryMeter(4 * MB);
  const factory = await workers.instancesOf({
    plugin: "plugin",
    shape: component.shape,
    bindings,
    memoryBytes: 4 * MB,
    memory,
  });
  await assert.rejects(factory.create(new Watched({})), (error) => {
    assert.ok(HostError.is(error, "PLUGIN_WORKER_LOST"), String(error));
    assert.match(error.message, /did nothing for 50 ms/);
    return true;
  });
  assert.equal(memory.report().usedBytes, 0);
});
