import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { createHost, HostError, type PluginHandle } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import { fixture } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { smtpSink } from "../kit/smtp-sink.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

type Config = NonNullable<PluginSettingsInput["config"]>;

const folder = temporaryFolder();

async function startNotifier(
  t: TestContext,
  config: Config = {},
  { smtpUrl = "smtp://127.0.0.1:1", ...rest }: Partial<PluginSettingsInput> & { smtpUrl?: string } = {},
) {
  const settings = await settingsFor(
    {
      notifier: {
        path: fixture("notifier"),
        config: { first_delay_ms: 4, max_delay_ms: 8, ...config },
        permissions: { "http-client": ["127.0.0.1"], mail: ["*@example.com"] },
        ...rest,
      },
    },
    { mail: { url: smtpUrl, from: "tusk@example.com" } },
  );
  const log = recordingLog();
  const host = await createHost({ settings, cacheDir: join(folder.path, "cache"), log });
  t.after(() => host.shutdown());
  const plugin = host.plugin("notifier");
  assert.equal(plugin.status().state, "serving", plugin.status().problem?.message ?? "");
  const pauses = () =>
    log.entries.flatMap(({ message }) => /Trying again in (\d+) ms/.exec(message)?.[1] ?? []).map(Number);
  return { plugin, pauses };
}

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that answers with these statuses, one after the other, and with the last one from then on. */
async function webhookServer(t: TestContext, ...statuses: number[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(statuses[received.length - 1] ?? statuses.at(-1) ?? 204).end();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

const send = ({ notification }: PluginHandle, channel: string, recipient: string) =>
  notification.sendNotification({
    channel,
    recipient,
    subject: "Hello 🦣",
    body: "It works.",
    data: { a: [1] },
  });

test("a webhook gets the notification as JSON", async (t) => {
  const { url, received } = await webhookServer(t, 204);
  const { plugin, pauses } = await startNotifier(t);
  await send(plugin, "webhook", url);
  assert.equal(received.length, 1);
  assert.deepEqual(JSON.parse(received[0]?.body ?? ""), {
    subject: "Hello 🦣",
    body: "It works.",
    data: { a: [1] },
  });
  assert.equal(received[0]?.headers["content-type"], "application/json");
  assert.deepEqual(pauses(), []);
});

test("a webhook that fails first is tried again, later each time, and can tell that it is the same", async (t) => {
  const { url, received } = await webhookServer(t, 503, 429, 500, 200);
  const { plugin, pauses } = await startNotifier(t, { first_delay_ms: 16, max_delay_ms: 1000 });
  await send(plugin, "webhook", url);
  assert.equal(received.length, 4);
  assert.equal(new Set(received.map(({ headers }) => headers["idempotency-key"])).size, 1);
  const [first = 0, second = 0, third = 0] = pauses();
  assert.ok(first >= 8 && first <= 16 && second >= 16 && second <= 32 && third >= 32 && third <= 64);
});

test("pauses between attempts do not grow beyond their limit, and are not all alike", async (t) => {
  const { url } = await webhookServer(t, 500);
  const { plugin, pauses } = await startNotifier(t, { attempts: 10, first_delay_ms: 4, max_delay_ms: 40 });
  await assert.rejects(send(plugin, "webhook", url), isError("unavailable"));
  assert.equal(pauses().length, 9);
  assert.ok(pauses().every((pauseMs) => pauseMs <= 40));
  assert.ok(new Set(pauses().slice(4)).size > 1);
});

test("a webhook that never works is given up, and its last answer is told", async (t) => {
  const { url, received } = await webhookServer(t, 503);
  const { plugin } = await startNotifier(t, { attempts: 3 });
  await assert.rejects(
    send(plugin, "webhook", url),
    isError("unavailable", "3 attempts failed: The webhook answered with status 503."),
  );
  assert.equal(received.length, 3);
});

test("what cannot work later is not tried again", async (t) => {
  const { url, received } = await webhookServer(t, 404);
  const { plugin } = await startNotifier(t);
  await assert.rejects(send(plugin, "webhook", url), isError("invalid-input"));
  assert.equal(received.length, 1);
  await assert.rejects(send(plugin, "webhook", "http://localhost:1/"), isError("denied"));
  await assert.rejects(send(plugin, "email", "eve@example.org"), isError("denied"));
  await assert.rejects(send(plugin, "pigeon", "ada"), isError("unsupported", "There is no channel pigeon."));
});

test("waiting ends when the time of the call is over, and the next call is answered", async (t) => {
  const { url } = await webhookServer(t, 503, 200);
  const { plugin } = await startNotifier(
    t,
    { first_delay_ms: 3_600_000, max_delay_ms: 3_600_000 },
    { limits: { timeoutMs: 200 } },
  );
  await assert.rejects(send(plugin, "webhook", url), (error) => HostError.is(error, "PLUGIN_TIMEOUT"));
  await send(plugin, "webhook", url);
});

test("an e-mail reaches its recipient, after a server that was busy", async (t) => {
  let busy = 2;
  await using sink = await smtpSink({ refuse: () => (busy-- > 0 ? 451 : undefined) });
  const { plugin, pauses } = await startNotifier(t, {}, { smtpUrl: sink.url });
  await plugin.notification.sendNotification({
    channel: "email",
    recipient: "ada@example.com",
    subject: "Hello",
    body: "It works.",
    data: { html: "<b>It works.</b>" },
  });
  assert.equal(pauses().length, 2);
  const [mail] = sink.received;
  assert.deepEqual([mail?.from, mail?.to], ["tusk@example.com", ["ada@example.com"]]);
  assert.match(mail?.source ?? "", /Subject: Hello[^]*It works\.[^]*<b>It works\.<\/b>/);
});

test("the connection is tested where it leads", async (t) => {
  await using sink = await smtpSink();
  const { url } = await webhookServer(t, 404);
  const config = { webhook_test_url: url };
  const good = await startNotifier(t, config, { smtpUrl: sink.url });
  assert.equal(await good.plugin.notification.testConnection(), true);
  const noMail = await startNotifier(t, config);
  assert.equal(await noMail.plugin.notification.testConnection(), false);
  const noWeb = await startNotifier(t, { channels: ["webhook"], webhook_test_url: "http://127.0.0.1:1/" });
  assert.equal(await noWeb.plugin.notification.testConnection(), false);
});

test("it notifies over the channels that its settings name", async (t) => {
  const both = await startNotifier(t);
  assert.deepEqual(await both.plugin.notification.supportedChannels(), ["webhook", "email"]);
  const { plugin } = await startNotifier(t, { channels: ["email"] });
  assert.deepEqual(await plugin.notification.supportedChannels(), ["email"]);
  await assert.rejects(send(plugin, "webhook", "http://127.0.0.1:1/"), isError("unsupported"));
});

const unusable: [Config, string][] = [
  [{ chanels: [] }, 'there is no "chanels", only "channels", "attempts",'],
  [{ channels: ["email", "pigeon"] }, 'channels[1]: expected "webhook" or "email", found "pigeon"'],
  [{ attempts: "often" }, 'attempts: expected a whole number from 0 to 255, found "often"'],
  [{ attempts: 11 }, "attempts should be 1 to 10"],
];
for (const [config, reason] of unusable) {
  test(`settings are refused when ${reason}`, async () => {
    const settings = await settingsFor({
      notifier: {
        path: fixture("notifier"),
        config,
        permissions: { "http-client": ["127.0.0.1"], mail: ["*"] },
      },
    });
    await using host = await createHost({ settings, cacheDir: join(folder.path, "cache") });
    const message = host.plugin("notifier").status().problem?.message ?? "";
    assert.ok(message.includes(JSON.stringify(reason).slice(1, -1)), message);
  });
}

function isError(kind: string, text?: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(HostError.is(error, "PLUGIN_ERROR"), String(error));
    assert.equal(error.details.kind, kind, error.details.text);
    if (text !== undefined) assert.equal(error.details.text, text);
    return true;
  };
}
