/**
 * What a plugin's file is:
 *
 * - a component
 * - a core module that describes the component that is to be made of it, as Rust's do: it is made when it is loaded
 * - a core module with the contract's functions and nothing that describes them, as AssemblyScript's compiler
 *   leaves it: it is run as it is
 */
export type PluginKind = "component" | "described-module" | "plain-module";

/** What people are told. */
export const PLUGIN_KIND_NAMES: Readonly<Record<PluginKind, string>> = {
  component: "component",
  "described-module": "described module",
  "plain-module": "plain module",
};
