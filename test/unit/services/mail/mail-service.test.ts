import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { ErrorKind } from "../../../../host/component/contract/service-error.ts";
import { ServiceError } from "../../../../host/component/contract/service-error.ts";
import type { MailService } from "../../../../host/component/contract/services.ts";
import { MailServer } from "../../../../host/services/mail/mail-server.ts";
import { createMailService, type MailLimits } from "../../../../host/services/mail/mail-service.ts";
import { TokenBucket } from "../../../../host/services/token-bucket.ts";
import { smtpSink } from "../../../kit/smtp-sink.ts";
import { VirtualClock } from "../../../../host/testing/virtual-clock.ts";

const LIMITS: MailLimits = {
  messagesPerMinute: 6,
  maxRecipients: 3,
  maxMessageBytes: 1_000,
  timeoutMs: 5_000,
};

interface Given {
  readonly url?: string;
  readonly to?: readonly string[];
  readonly from?: string;
  readonly clock?: VirtualClock;
  readonly limits?: Partial<MailLimits>;
}

function serviceFor(given: Given): MailService {
  const { url, to = ["*@example.com"], from, clock = new VirtualClock() } = given;
  const limits = { ...LIMITS, ...given.limits };
  const server =
    url === undefined ? undefined : new MailServer({ url, from: "host@example.com" }, limits.timeoutMs);
  const { messagesPerMinute: burst } = limits;
  const rate = new TokenBucket(clock, { burst, perSecond: burst / 60 });
  return createMailService({ grant: { to, from }, server, rate, limits });
}

const message = (...to: string[]) => ({ to, subject: "Hello", text: "It works.", html: undefined });

const refused = (kind: ErrorKind, text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ServiceError, String(error));
  assert.equal(error.kind, kind);
  assert.match(error.message, text);
  return true;
};

test("a message reaches the server, in the name of the host, as text and as HTML", async () => {
  await using sink = await smtpSink();
  const service = serviceFor({ url: sink.url });
  await service.send({ ...message("ada@example.com"), subject: "Grüße 🦣", html: "<b>It works.</b>" });
  const [mail] = sink.received;
  assert.equal(mail?.from, "host@example.com");
  assert.deepEqual(mail?.to, ["ada@example.com"]);
  assert.match(mail?.source ?? "", /^From: host@example.com\r$/m);
  assert.match(mail?.source ?? "", /^Subject: =\?UTF-8\?/m);
  assert.match(mail?.source ?? "", /text\/plain[^]*It works\.[^]*text\/html[^]*<b>It works\.<\/b>/);
});

test("a plugin's own sender stands in place of the host's", async () => {
  await using sink = await smtpSink();
  await serviceFor({ url: sink.url, from: "notes@example.com" }).send(message("ada@example.com"));
  assert.equal(sink.received[0]?.from, "notes@example.com");
});

test("the server's user and password are those of the URL, and stand in no error", async () => {
  await using sink = await smtpSink({ login: { user: "tusk", password: "hunter22" } });
  const at = (login: string) => serviceFor({ url: sink.url.replace("//", `//${login}@`) });
  await at("tusk:hunter22").verify();
  await at("tusk:hunter22").send(message("ada@example.com"));
  assert.equal(sink.received.length, 1);
  for (const attempt of [at("tusk:wrong-one").verify(), at("tusk:wrong-one").send(message("a@example.com"))])
    await assert.rejects(attempt, refused("unavailable", /^The mail server does not let this host in\.$/));
});

const grants: [granted: string, to: string, covered: boolean][] = [
  ["*", "ada@example.org", true],
  ["*@example.com", "ada@EXAMPLE.com", true],
  ["*@example.com", "ada@sub.example.com", false],
  ["*@example.com", "ada@notexample.com", false],
  ["ada@example.com", "Ada@example.com", true],
  ["ada@example.com", "bob@example.com", false],
  ["*@bücher.example", "ada@bücher.example", true],
  ["*@xn--bcher-kva.example", "ada@bücher.example", true],
];
for (const [granted, to, covered] of grants) {
  test(`a grant of ${granted} ${covered ? "covers" : "does not cover"} ${to}`, async () => {
    await using sink = await smtpSink();
    const canonical = granted.replace("bücher", "xn--bcher-kva");
    const sent = serviceFor({ url: sink.url, to: [canonical] }).send(message(to));
    if (covered) await sent;
    else await assert.rejects(sent, refused("denied", /is not granted\. The settings would say: "mail": \[/));
    assert.equal(sink.received.length, covered ? 1 : 0);
  });
}

const noAddresses = [
  "",
  "ada",
  "@example.com",
  "Ada <ada@example.com>",
  "ada@example.com, eve@example.org",
  "ada@example.com\r\nBcc: eve@example.org",
  "*@example.com",
  "eve%example.org@example.com",
  "example.org!eve@example.com",
  '"ada lovelace"@example.com',
  "ada@example.com ",
  "ada@[127.0.0.1]",
];
for (const address of noAddresses) {
  test(`${JSON.stringify(address)} is no address, even where everybody is granted`, async () => {
    const sent = serviceFor({ to: ["*"] }).send(message(address));
    await assert.rejects(sent, refused("invalid-input", /is no address/));
  });
}

test("one recipient that is not granted keeps a message from all", async () => {
  await using sink = await smtpSink();
  const service = serviceFor({ url: sink.url });
  await assert.rejects(
    service.send(message("ada@example.com", "eve@example.org")),
    refused("denied", /eve@example\.org/),
  );
  assert.deepEqual(sink.received, []);
});

test("a subject cannot begin another header", async () => {
  const sent = serviceFor({}).send({ ...message("ada@example.com"), subject: "x\r\nBcc: eve@example.org" });
  await assert.rejects(sent, refused("invalid-input", /one line/));
});

test("size, recipients and rate are limited, and the rate recovers with time", async () => {
  await using sink = await smtpSink();
  const clock = new VirtualClock();
  const service = serviceFor({ url: sink.url, clock });
  const to = "ada@example.com";
  await assert.rejects(service.send(message()), refused("invalid-input", /no recipient/));
  await assert.rejects(service.send(message(to, to, to, to)), refused("limit-exceeded", /3 recipients/));
  const large = { ...message(to), text: "ä".repeat(500) };
  await assert.rejects(service.send(large), refused("limit-exceeded", /larger than 1000 bytes/));
  await service.send(message(to, to, to));
  await service.send(message(to, to, to));
  await assert.rejects(service.send(message(to)), refused("limit-exceeded", /6 a minute/));
  clock.advance(10_000);
  await service.send(message(to));
  await assert.rejects(service.send(message(to)), refused("limit-exceeded", /6 a minute/));
});

test("a look at the server counts as a message, since it signs in as one does", async () => {
  await using sink = await smtpSink();
  const clock = new VirtualClock();
  const service = serviceFor({ url: sink.url, clock });
  for (let i = 0; i < 6; i++) await service.verify();
  await assert.rejects(service.verify(), refused("limit-exceeded", /6 a minute/));
  await assert.rejects(service.send(message("ada@example.com")), refused("limit-exceeded", /6 a minute/));
  clock.advance(10_000);
  await service.verify();
});

test("what the server refuses for good is the plugin's fault, what it refuses for now is not", async () => {
  await using sink = await smtpSink({
    refuse: (to) => ({ "gone@example.com": 550, "full@example.com": 452 })[to],
  });
  const service = serviceFor({ url: sink.url });
  await assert.rejects(
    service.send(message("gone@example.com")),
    refused("invalid-input", /refuses the message: code 550/),
  );
  await assert.rejects(
    service.send(message("full@example.com")),
    refused("unavailable", /cannot take it now: 452/),
  );
  await assert.rejects(
    service.send(message("ada@example.com", "gone@example.com")),
    refused("invalid-input", /did not take the message for 1 of 2 recipients/),
  );
});

test("a server that is not there, or says nothing, is unavailable or too slow", async () => {
  const silent = createServer((socket) => void socket.on("error", () => undefined));
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const service = serviceFor({ url: `smtp://127.0.0.1:${port}`, limits: { timeoutMs: 50 } });
  await assert.rejects(service.verify(), refused("timeout", /did not answer in time/));
  silent.close();
  const nowhere = serviceFor({ url: "smtp://127.0.0.1:1" });
  await assert.rejects(
    nowhere.send(message("ada@example.com")),
    refused("unavailable", /cannot take it now: ESOCKET/),
  );
});

test("without a mail server the service says what the settings would have to", async () => {
  const service = serviceFor({});
  const isTold = refused("unsupported", /^This host has no mail server\. Its settings would say: "mail": \{/);
  await assert.rejects(service.verify(), isTold);
  await assert.rejects(service.send(message("ada@example.com")), isTold);
});
