import assert from "node:assert/strict";
import { test } from "node:test";
import type { Services } from "../../build/contract-types.ts";
import { json } from "../../build/instance.ts";
import { MALFORMED, tagged, type Start } from "./start.ts";

const MESSAGE = {
  recipient: "ada@example.test",
  subject: "Hello 🦣",
  body: "böd\ny",
  data: json({ urgent: true }),
};

export function notificationTests(start: Start): void {
  test("channels are told, and the connection is tested", () => {
    const { notificationPlugin } = start().exports;
    assert.deepEqual(notificationPlugin.supportedChannels(), ["log", "webhook"]);
    assert.equal(notificationPlugin.testConnection(), true);
  });

  test("a message to the log is logged", () => {
    const { exports, logged } = start();
    exports.notificationPlugin.sendNotification({ channel: "log", ...MESSAGE });
    assert.deepEqual(logged.at(-1), {
      level: "info",
      message: "Hello 🦣",
      fields: { recipient: "ada@example.test", body: "böd\ny", data: { urgent: true } },
    });
  });

  test("a message to a webhook is posted", () => {
    const sent: Parameters<Services["httpClient"]["send"]>[0][] = [];
    const send: Services["httpClient"]["send"] = (request) => {
      sent.push(request);
      return { status: 204, headers: [], body: new Uint8Array(0) };
    };
    const { notificationPlugin } = start({ httpClient: { send } }).exports;
    notificationPlugin.sendNotification({ channel: "webhook", ...MESSAGE });
    assert.deepEqual(
      sent.map(({ method, url, body }) => [method, url, new TextDecoder().decode(body)]),
      [["POST", "ada@example.test", "böd\ny"]],
    );
  });

  test("a message that cannot be sent is an error", () => {
    const { notificationPlugin } = start().exports;
    const send = (channel: string, data = MESSAGE.data) =>
      notificationPlugin.sendNotification({ ...MESSAGE, channel, data });
    assert.throws(() => send("webhook"), tagged("unavailable"));
    assert.throws(() => send("sms"), { payload: { tag: "unsupported", val: "no channel sms" } });
    assert.throws(() => send("log", MALFORMED), tagged("invalid-input"));
  });
}
