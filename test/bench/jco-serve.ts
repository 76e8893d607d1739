import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Contestant } from "./http-contestant.ts";

const JCO = join(import.meta.dirname, "../../node_modules/@bytecodealliance/jco/dist/jco.js");

/** A standard component, served by jco: as it is, without limits. */
export async function startJcoServe(file: string): Promise<Contestant> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  const args = [JCO, "serve", file, "--host", "127.0.0.1", "--port", String(port)];
  // jco serves in a process of its own, so both are a group.
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const group = child.pid ?? 0;
  for await (const line of createInterface(child.stderr)) {
    if (line.includes("listening")) break;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    cpuMs: async () => descendants(group).reduce((sum, pid) => sum + cpuMsOf(pid), 0),
    stop: () => {
      if (child.exitCode === null) process.kill(-group);
    },
  };
}

/** A process and those that it started; only Linux tells. */
function descendants(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  const children = existsSync(file) ? readFileSync(file, "utf8").trim().split(" ") : [];
  return [pid, ...children.filter((child) => child !== "").flatMap((child) => descendants(Number(child)))];
}

/** Not a number where the system does not tell. */
function cpuMsOf(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return NaN;
  const [, fields = ""] = readFileSync(file, "utf8").split(") ");
  const [user, system] = fields.split(" ").slice(11, 13).map(Number);
  // A tick is 10 ms.
  return ((user ?? NaN) + (system ?? NaN)) * 10;
}
