import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import { Metrics } from "../../../host/http/metrics.ts";

const REQUEST = {
  id: "1",
  path: "/",
  plugin: "a",
  status: 200,
  sizeBytes: 10,
  durationMs: 3,
  error: undefined,
};

test("calls are counted by their outcome, and their durations in seconds", async () => {
  const metrics = new Metrics(() => []);
  const call = { plugin: "a", function: "http-plugin.handle-request", durationMs: 40, fuel: 1_000 };
  metrics.called({ ...call, error: undefined });
  metrics.called({ ...call, error: new HostError("PLUGIN_TIMEOUT", { plugin: "a", limitMs: 1 }) });
  const text = await metrics.text();
  const labels = 'plugin="a",function="http-plugin.handle-request"';
  assert.ok(text.includes(`tusk_calls_total{${labels},code="ok"} 1\n`), text);
  assert.ok(text.includes(`tusk_calls_total{${labels},code="PLUGIN_TIMEOUT"} 1\n`));
  assert.ok(text.includes(`tusk_call_duration_seconds_bucket{le="0.025",${labels}} 0\n`));
  assert.ok(text.includes(`tusk_call_duration_seconds_bucket{le="0.05",${labels}} 2\n`));
  assert.ok(text.includes('tusk_fuel_total{plugin="a"} 2000\n'));
});

test("whoever makes up methods or plugins without end makes no series without end", async () => {
  const metrics = new Metrics(() => []);
  for (let i = 0; i < 1_000; i++) metrics.requested({ ...REQUEST, plugin: `p${i}`, method: `M${i}` });
  const text = await metrics.text();
  assert.ok(
    text.includes('tusk_http_requests_total{plugin="other",method="other",status="200"} 800\n'),
    text,
  );
  assert.equal(text.match(/^tusk_http_requests_total\{/gm)?.length, 201);
});

test("a client that has gone has no status", async () => {
  const metrics = new Metrics(() => []);
  metrics.requested({ ...REQUEST, method: "GET", status: undefined });
  assert.ok(
    (await metrics.text()).includes('tusk_http_requests_total{plugin="a",method="GET",status="gone"} 1\n'),
  );
});
