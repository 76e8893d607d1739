import type { WitFunction } from "../../wasm/wiring/wit-type.ts";
import { CLI } from "./cli.ts";
import { DRAFTS } from "./drafts.ts";
import { FILESYSTEM } from "./filesystem.ts";
import { HTTP } from "./http.ts";
import { IO } from "./io.ts";
import type { WitInterface } from "./wit.ts";

/** The interfaces of WASI that are given, by their names without a version, which changed none of these functions. */
export const WASI_INTERFACES: Readonly<Record<string, WitInterface>> = {
  ...IO,
  ...CLI,
  ...FILESYSTEM,
  ...HTTP,
  ...DRAFTS,
};

/**
 * The type of a function of WASI; undefined for one that is not given.
 *
 * @param owner `wasi:http/types`
 * @param name As components import it: `[method]fields.get`.
 */
export function wasiFunction(owner: string | undefined, name: string): WitFunction | undefined {
  if (owner === undefined || !Object.hasOwn(WASI_INTERFACES, owner)) return undefined;
  const functions = WASI_INTERFACES[owner] ?? {};
  return Object.hasOwn(functions, name) ? functions[name] : undefined;
}
