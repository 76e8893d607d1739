import { type Host, HostError } from "tusk-host";
import type { Attacker } from "./attackers.ts";

/** Loads an attacker, calls it if it is loaded, and returns what ended it. */
export async function endOf(
  { when }: Attacker,
  host: Host,
  file: string,
  settings: Parameters<Host["load"]>[1],
): Promise<HostError | undefined> {
  try {
    const plugin = await host.load(file, settings);
    if (when === "load") return undefined;
    await plugin.database.executeQuery("attack", ["now"]);
    return undefined;
  } catch (error) {
    if (HostError.is(error)) return error;
    throw error;
  }
}
