// Runs every benchmark, each in a process of its own: `npm run bench`, or `npm run bench -- calls`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const ALL = ["loading", "calls", "json", "http", "placement", "fairness", "rewrite-overhead"];
const wanted = process.argv.slice(2);

for (const name of wanted.length > 0 ? wanted : ALL) {
  const { status } = spawnSync(process.execPath, ["--no-warnings", join(import.meta.dirname, `${name}.ts`)], {
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
