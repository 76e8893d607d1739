import { createHost } from "tusk-host";
import { settingsFor } from "./settings-for.ts";

/** What some calls of a conformance plugin cost on a fresh instance with exact fuel, one after the other. */
export async function fuelOfConformance(path: string): Promise<number[]> {
  const permissions = {
    cache: true,
    database: ["main"],
    "http-client": ["127.0.0.1"],
    mail: ["*@example.com"],
  };
  const settings = await settingsFor({
    plugin: { path, permissions, dependencies: ["nobody?"], limits: { fuel: "exact" } },
  });
  await using host = await createHost({ settings });
  const plugin = host.plugin("plugin");
  const used = [];
  for (const value of [1, "🦣".repeat(1000), { list: Array.from({ length: 500 }, (_, i) => ({ i })) }]) {
    await plugin.database.executeQuery("echo", [value]);
    used.push(plugin.status().traffic?.fuelUsed ?? NaN);
  }
  return used;
}

// As a program: prints what the plugin in the file that it is given costs.
if (import.meta.main) console.log(JSON.stringify(await fuelOfConformance(process.argv[2] ?? "")));
