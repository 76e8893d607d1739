import { isDeepStrictEqual } from "node:util";
import type { PluginInfo } from "../component/contract/data.ts";
import type { InspectedComponent } from "../component/loader.ts";
import type { StandsOn } from "./foundation.ts";
import type { PluginSettings } from "../config/settings.ts";

/** Something that is different in a new build. For settings, and for what the host gives, `to` names what is. */
export interface ShapeChange {
  readonly what: "version" | "capabilities" | "services" | "size" | "settings" | "host";
  readonly from: string;
  readonly to: string;
}

/** A build, and who it says it is. */
interface Build {
  readonly component: InspectedComponent;
  readonly info: PluginInfo;
  readonly settings: PluginSettings;
  readonly standsOn: StandsOn;
}

/** What a person would want to know of the step from one build to the next. */
export function changesBetween(before: Build, after: Build): ShapeChange[] {
  const candidates: ShapeChange[] = [
    { what: "version", from: before.info.version, to: after.info.version },
    {
      what: "capabilities",
      from: before.component.shape.capabilities.join(", "),
      to: after.component.shape.capabilities.join(", "),
    },
    {
      what: "services",
      from: before.component.shape.asked.join(", "),
      to: after.component.shape.asked.join(", "),
    },
    { what: "settings", from: "", to: changedKeys(before.settings, after.settings).join(", ") },
    { what: "host", from: "", to: changedGround(before.standsOn, after.standsOn).join(", ") },
    { what: "size", from: `${before.component.bytes.length} B`, to: `${after.component.bytes.length} B` },
  ];
  return candidates.filter(({ from, to }) => from !== to);
}

/** What of the host's settings: the permissions of the plugin decide, too, and are told with its own. */
function changedGround(before: StandsOn, after: StandsOn): string[] {
  const { workers } = after;
  const threads = isDeepStrictEqual(before.workers, workers) ? [] : ["workers"];
  return [...changedKeys(before.backends, after.backends), ...threads];
}

function changedKeys<T extends object>(before: T, after: T): string[] {
  const keys = Object.keys(after) as (keyof T & string)[];
  return keys.filter((key) => !isDeepStrictEqual(before[key], after[key]));
}
