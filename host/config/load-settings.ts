import { readFile, stat } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import { HostError, messageOf } from "../core/error.ts";
import { parseSettingsText } from "./parse-settings.ts";
import type { Settings } from "./settings.ts";
import type { SettingsOptions } from "./settings-options.ts";

const MAX_FILE_BYTES = 2 ** 20;

/**
 * Loads settings from a `.json` or `.tsk` file. Relative paths in it start at its folder, and so does what
 * it may read.
 *
 * @throws HostError SETTINGS_UNREADABLE when there is no such file, or it is no text, or larger than 1 MiB.
 * @throws HostError SETTINGS_INVALID with everything that is wrong in it, each with its line and a caret.
 */
export async function loadSettings(
  file: string,
  options: Omit<SettingsOptions, "baseFolder"> = {},
): Promise<Settings> {
  const format = formatOf(file);
  const text = await readText(file);
  return parseSettingsText(text, format, { ...options, baseFolder: dirname(resolve(file)) }, file);
}

function formatOf(file: string): "json" | "tsk" {
  switch (extname(file).toLowerCase()) {
    case ".json":
      return "json";
    case ".tsk":
      return "tsk";
    case ".pnt":
      throw unreadable(file, "it is a compiled .pnt file; use the .tsk file that it was made of");
    default:
      throw unreadable(file, "settings are in a .json or a .tsk file");
  }
}

async function readText(file: string): Promise<string> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw unreadable(file, "it is no file");
    if (found.size > MAX_FILE_BYTES)
      throw unreadable(file, `it has ${found.size} bytes, and ${MAX_FILE_BYTES} is the most`);
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(file));
  } catch (error) {
    if (HostError.is(error)) throw error;
    throw unreadable(file, error instanceof TypeError ? "it is not UTF-8" : messageOf(error), error);
  }
}

function unreadable(file: string, reason: string, cause?: unknown): HostError {
  return new HostError("SETTINGS_UNREADABLE", { file, reason }, cause === undefined ? undefined : { cause });
}
