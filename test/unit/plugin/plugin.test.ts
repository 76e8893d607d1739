import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ComponentLoader } from "../../../host/component/loader.ts";
import { HostError } from "../../../host/core/error.ts";
import { systemClock } from "../../../host/core/clock.ts";
import { defaultWorkerSettings } from "../../../host/config/default-worker-settings.ts";
import { Turnstile } from "../../../host/engine/turnstile.ts";
import { BuildStore } from "../../../host/plugin/build-store.ts";
import { CallObservers } from "../../../host/plugin/call-observers.ts";
import { EventBus, type HostEvent } from "../../../host/plugin/events.ts";
import { Plugin } from "../../../host/plugin/plugin.ts";
import { TrustGate } from "../../../host/security/trust/trust-gate.ts";
import { createServiceHub } from "../../../host/services/service-hub.ts";
import { WorkerPool } from "../../../host/workers/worker-pool.ts";
import { recordingLog } from "tusk-host/testing";
import { buildWat } from "../../hostile/wat-plugin.ts";
import { settingsFor } from "../../kit/settings-for.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

suite("a plugin whose services", () => {
  const folder = temporaryFolder();

  const endings: [what: string, close: () => Promise<void>, code: string][] = [
    ["cannot be closed", () => Promise.reject(new Error("The disk is gone.")), "HOST_FAULT"],
    ["are never closed", () => new Promise(() => undefined), "SHUTDOWN_TIMEOUT"],
  ];
  for (const [what, close, code] of endings) {
    test(`${what} is swapped and stopped all the same, and says what went wrong`, async () => {
      const path = await folder.write("p.wasm", await buildWat({}));
      const settings = (await settingsFor({ p: { path, limits: { shutdownMs: 20 } } })).plugins["p"];
      assert.ok(settings);
      await using loader = await ComponentLoader.create();
      await using workers = new WorkerPool({ ...defaultWorkerSettings(), systemTime: true });
      await using hub = createServiceHub({ log: recordingLog() });
      const events = new EventBus();
      const told = Array.fromAsync(events.read());
      const plugin = new Plugin(settings, {
        events,
        loader,
        buildStore: new BuildStore("", () => ({ builds: 3, maxBytes: 2 ** 20 })),
        trust: await TrustGate.create(),
        inspection: () => ({ refuse: [] }),
        clock: systemClock,
        turnstile: new Turnstile(),
        observers: new CallObservers(),
        workers,
        dependentsOf: () => [],
        verifyDependencies: () => undefined,
        under: () => ({ backends: {}, workers: undefined }),
        provideServices: ({ name, config, permissions }) => ({
          ...hub.servicesFor({ plugin: name, config, permissions }),
          close,
        }),
      });
      await plugin.take();
      await folder.write("p.wasm", await buildWat({ memory: "3" }));
      assert.equal(await plugin.take(), true);
      // What keeps a process alive is not what it waits for here.
      const alive = setInterval(() => undefined, 1_000);
      // Why a build does not start is told, whatever becomes of its services.
      await folder.write("p.wasm", await buildWat({ initialize: "(unreachable)" }));
      await assert.rejects(plugin.take(), (error) => HostError.is(error, "PLUGIN_TRAPPED"));
      await plugin.stop();
      clearInterval(alive);
      assert.equal(plugin.state, "stopped");
      events.close();
      const stops = (await told).filter(
        (event): event is HostEvent & { type: "stopped" } => event.type === "stopped",
      );
      assert.deepEqual(
        stops.map(({ error }) => error?.code),
        [code, code],
      );
    });
  }
});
