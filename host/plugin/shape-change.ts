import { isDeepStrictEqual } from "node:util";
import type { PluginInfo } from "../component/contract/data.ts";
import type { InspectedComponent } from "../component/loader.ts";
import type { PluginSettings } from "../config/settings.ts";

/** Something that is different in a new build. For settings, `to` names those that are. */
export interface ShapeChange {
  readonly what: "version" | "capabilities" | "services" | "size" | "settings";
  readonly from: string;
  readonly to: string;
}

/** A build, and who it says it is. */
interface Build {
  readonly component: InspectedComponent;
  readonly info: PluginInfo;
  readonly settings: PluginSettings;
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
    { what: "settings", from: "", to: changedSettings(before.settings, after.settings).join(", ") },
    { what: "size", from: `${before.component.bytes.length} B`, to: `${after.component.bytes.length} B` },
  ];
  return candidates.filter(({ from, to }) => from !== to);
}

function changedSettings(before: PluginSettings, after: PluginSettings): string[] {
  const keys = Object.keys(after) as (keyof PluginSettings)[];
  return keys.filter((key) => !isDeepStrictEqual(before[key], after[key]));
}
