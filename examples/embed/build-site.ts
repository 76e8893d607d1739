// A build tool that plugins extend: it makes a web site of files.
//
//     node examples/embed/build-site.ts PLUGIN_FOLDER SITE_FOLDER
//
// Every route of every HTTP plugin becomes a page, and what is HTTP middleware sees each page before it is written: a layout,
// a filter, a search index. Pages are made side by side; a plugin that fails or never ends costs its own pages only.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, extname, join, normalize } from "node:path";
import { createHost, type HttpRequestInit, type HttpResponse, type PluginStatus } from "tusk-host";

const [plugins = "plugins", site = "site"] = process.argv.slice(2);
await using host = await createHost({ folder: plugins });

const status = host.plugins();
const middleware = status.filter(({ capabilities }) => capabilities.includes("http-middleware"));
const results = await Promise.allSettled(status.flatMap(pathsOf).map(writePage));
const failures = results.filter((result) => result.status === "rejected");
for (const { reason } of failures) console.error(String(reason));
console.log(`${results.length - failures.length} pages written, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

interface Page {
  readonly plugin: string;
  readonly path: string;
}

/** What a plugin has pages for: routes that stand for one path each. */
function pathsOf({ name, routes }: PluginStatus): Page[] {
  return routes
    .filter(({ method, pattern }) => method !== "POST" && !/[:*]/.test(pattern))
    .map(({ pattern }) => ({ plugin: name, path: pattern }));
}

async function writePage({ plugin, path }: Page): Promise<void> {
  const request: HttpRequestInit = { method: "GET", path };
  let response: HttpResponse = await host.plugin(plugin).http.handleRequest(request, { timeoutMs: 2_000 });
  for (const { name } of middleware) {
    response = await host.plugin(name).middleware.after(request, response, { timeoutMs: 2_000 });
  }
  if (response.status !== 200) throw new Error(`${path} is answered with ${response.status} by ${plugin}`);
  // A plugin chooses its paths: none leads out of the site.
  const file = join(site, normalize(`/${path}`), extname(path) === "" ? "index.html" : "");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, response.body);
}
