// How many requests for a small piece of JSON are answered in a second, and what does one cost: by Node alone, by
// our server with nothing behind it, with a plugin in AssemblyScript, and with one in Rust, all limits on? And how many
// for a short text by a standard component, which `jco serve` can serve, too? Each server is a process of its own, and
// the load comes from this one.
import { fork } from "node:child_process";
import { once } from "node:events";
import autocannon from "autocannon";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import type { Contestant, ContestantMessage } from "./http-contestant.ts";
import { startJcoServe } from "./jco-serve.ts";
import { quantiles } from "./measure.ts";
import { benchPlugin } from "./bench-plugin.ts";

const ROUNDS = 5;
const ROUND_SECONDS = 2;
const CONNECTIONS = 10;

interface Measured extends Contestant {
  readonly perSecond: number[];
  /** Microseconds of its CPU for a request. */
  readonly cpu: number[];
  /** Microseconds of ours: where that is more, it is the client that decides how many requests there are in a second. */
  readonly clientCpu: number[];
}

async function start(kind: string, file?: string): Promise<Contestant> {
  const script = new URL("./http-contestant.ts", import.meta.url);
  const child = fork(script, file === undefined ? [kind] : [kind, file], { execArgv: ["--no-warnings"] });
  const [said] = (await once(child, "message")) as [ContestantMessage];
  if (!("url" in said)) throw new Error(`${kind} did not say where it listens.`);
  return {
    url: said.url,
    async cpuMs() {
      child.send("cpu?");
      const [answer] = (await once(child, "message")) as [ContestantMessage];
      return "cpuMs" in answer ? answer.cpuMs : NaN;
    },
    stop: () => child.disconnect(),
  };
}

function at(path: string, contestant: Contestant): Measured {
  return { ...contestant, url: contestant.url + path, perSecond: [], cpu: [], clientCpu: [] };
}

async function load(contestant: Measured, seconds: number): Promise<void> {
  const before = await contestant.cpuMs();
  const ours = process.cpuUsage();
  const { url } = contestant;
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds });
  const requests = result.requests.total;
  if (requests === 0 || result.errors > 0) throw new Error(`${url} failed: ${result.errors} errors.`);
  contestant.perSecond.push(requests / result.duration);
  const { user, system } = process.cpuUsage(ours);
  contestant.clientCpu.push((user + system) / requests);
  contestant.cpu.push((((await contestant.cpuMs()) - before) * 1000) / requests);
}

const ROUTE = "/api/version";
const rust = await benchPlugin("json-rust");
const contestants: Record<string, Measured> = {
  "node:http alone": at(ROUTE, await start("bare")),
  "our server, nothing behind it": at(ROUTE, await start("plugin")),
  "our server, plugin in AssemblyScript": at(ROUTE, await start("plugin", fixture("api"))),
  ...(rust === undefined ? {} : { "our server, plugin in Rust": at(ROUTE, await start("plugin", rust)) }),
  ...(await standardContestants()),
};

async function standardContestants(): Promise<Record<string, Measured>> {
  const missing = skipUnlessBuilt("proxy");
  if (missing !== false) {
    console.log(`skipped: the standard component. ${missing}`);
    return {};
  }
  // Where it answers with a short text.
  const path = "/ignores";
  return {
    "our server, standard component": at(path, await start("plugin", fixture("proxy"))),
    "jco serve, standard component": at(path, await startJcoServe(fixture("proxy"))),
  };
}

// The first round warms up.
for (const contestant of Object.values(contestants)) {
  await load(contestant, 1);
  contestant.perSecond.length = contestant.cpu.length = contestant.clientCpu.length = 0;
}
for (let round = 0; round < ROUNDS; round++) {
  for (const contestant of Object.values(contestants)) await load(contestant, ROUND_SECONDS);
}
const median = (values: readonly number[]) => quantiles(values).median;
const bare = contestants["node:http alone"];
console.log(`Requests over ${CONNECTIONS} connections (medians of ${ROUNDS} rounds in turns)`);
console.table(
  Object.fromEntries(
    Object.entries(contestants).map(([name, { perSecond, cpu, clientCpu }]) => [
      name,
      {
        "requests/s": Math.round(median(perSecond)),
        "of node:http": Number((median(perSecond) / median(bare?.perSecond ?? [])).toFixed(2)),
        "CPU, µs": Number(median(cpu).toFixed(1)),
        "CPU of node:http": Number((median(bare?.cpu ?? []) / median(cpu)).toFixed(2)),
        "client's CPU, µs": Number(median(clientCpu).toFixed(1)),
      },
    ]),
  ),
);
for (const contestant of Object.values(contestants)) contestant.stop();
