import type { GuestMemory } from "./guest-memory.ts";
import type { HandleTable } from "./handle-table.ts";

/** The side of the plugin, as values cross to it. */
export interface Guest {
  readonly memory: GuestMemory;
  readonly handles: HandleTable;
}
