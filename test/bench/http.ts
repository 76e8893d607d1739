// How many requests for a small piece of JSON are answered in a second, and what does one cost: by Node alone, by
// our server with nothing behind it, with a plugin in AssemblyScript, and with one in Rust, all limits on? Each server
// is a process of its own, and the load comes from this one.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import autocannon from "autocannon";
import { fixture } from "../kit/fixtures.ts";
import type { ContestantMessage } from "./http-contestant.ts";
import { quantiles } from "./measure.ts";
import { benchPlugin } from "./bench-plugin.ts";

const ROUNDS = 5;
const ROUND_SECONDS = 2;
const CONNECTIONS = 10;

interface Contestant {
  readonly process: ChildProcess;
  readonly url: string;
  readonly perSecond: number[];
  /** Microseconds of its CPU for a request. */
  readonly cpu: number[];
  /** Microseconds of ours: where that is more, it is the client that decides how many requests there are in a second. */
  readonly clientCpu: number[];
}

async function start(kind: string, path: string, file?: string): Promise<Contestant> {
  const script = new URL("./http-contestant.ts", import.meta.url);
  const child = fork(script, file === undefined ? [kind] : [kind, file], { execArgv: ["--no-warnings"] });
  const [said] = (await once(child, "message")) as [ContestantMessage];
  if (!("url" in said)) throw new Error(`${kind} did not say where it listens.`);
  return { process: child, url: said.url + path, perSecond: [], cpu: [], clientCpu: [] };
}

async function cpuMsOf({ process: child }: Contestant): Promise<number> {
  child.send("cpu?");
  const [said] = (await once(child, "message")) as [ContestantMessage];
  return "cpuMs" in said ? said.cpuMs : NaN;
}

async function load(contestant: Contestant, seconds: number): Promise<void> {
  const before = await cpuMsOf(contestant);
  const ours = process.cpuUsage();
  const { url } = contestant;
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds });
  const requests = result.requests.total;
  if (requests === 0 || result.errors > 0) throw new Error(`${url} failed: ${result.errors} errors.`);
  contestant.perSecond.push(requests / result.duration);
  const { user, system } = process.cpuUsage(ours);
  contestant.clientCpu.push((user + system) / requests);
  contestant.cpu.push((((await cpuMsOf(contestant)) - before) * 1000) / requests);
}

const ROUTE = "/api/version";
const rust = await benchPlugin("json-rust");
const contestants: Record<string, Contestant> = {
  "node:http alone": await start("bare", ROUTE),
  "our server, nothing behind it": await start("plugin", ROUTE),
  "our server, plugin in AssemblyScript": await start("plugin", ROUTE, fixture("api")),
  ...(rust === undefined ? {} : { "our server, plugin in Rust": await start("plugin", ROUTE, rust) }),
};

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
for (const { process: child } of Object.values(contestants)) child.disconnect();
