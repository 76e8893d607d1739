// What `npm start` runs: builds the example plugins, then does what `tusk run examples/tusk.json` does.
import { randomBytes } from "node:crypto";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { env } from "node:process";
import { runProgram } from "../host/cli/program.ts";
import { receiveMail, receiveWebhooks } from "./receivers.ts";
import { hashSources, type Prebuilt, PREBUILT } from "./rust/prebuild.ts";

const RUST = join(import.meta.dirname, "rust");
const PLUGINS_AS = join(import.meta.dirname, "../plugins-as");

async function tusk(...args: string[]): Promise<boolean> {
  process.exitCode = await runProgram(args);
  return process.exitCode === 0;
}

const build = (folder: string) => tusk("build", relative(".", folder));

/** Rust is much to ask of somebody who only wants to look: what was built before does as well. */
async function buildRust(name: string): Promise<boolean> {
  const folder = join(RUST, name);
  const { sources } = JSON.parse(await readFile(join(RUST, `prebuilt/${name}.json`), "utf8")) as Prebuilt;
  if (sources !== (await hashSources(name))) return build(folder);
  await mkdir(join(folder, "build"), { recursive: true });
  await copyFile(join(RUST, `prebuilt/${name}.wasm`), join(folder, `build/${name}.wasm`));
  return true;
}

async function buildAll(): Promise<boolean> {
  for (const name of ["api", "notifier", "notes"]) if (!(await build(join(PLUGINS_AS, name)))) return false;
  for (const name of PREBUILT) if (!(await buildRust(name))) return false;
  return true;
}

const print = (line: string) => console.log(line);

if (await buildAll()) {
  // Tokens are good until the process ends, unless there is a secret that outlives it.
  env["JWT_SECRET"] ??= randomBytes(32).toString("base64url");
  const webhooks = await receiveWebhooks(print);
  const mails = await receiveMail(print);
  env["WEBHOOK_URL"] ??= webhooks.url;
  env["SMTP_URL"] ??= mails.url;
  await tusk("run", relative(".", join(import.meta.dirname, "tusk.json")), ...process.argv.slice(2));
  webhooks.close();
  mails.close();
}
