import type { ErrorKind } from "../../../host/component/contract/service-error.ts";
import type { ErrorCode } from "../../../host/core/error.ts";

/** What plugins are made with that attack. */
export type Language = "assemblyscript" | "rust" | "rust-wasip2";

/** What is attacked: a service, the host's values, its settings, or the machine itself. */
export type Target =
  | "backups"
  | "cache"
  | "config"
  | "database"
  | "http-client"
  | "logger"
  | "machine"
  | "memory"
  | "peers"
  | "values"
  | "wasi";

/** One thing that a plugin tries, and how it is to end. Its code is in `test/fixtures/hostile-as` and `hostile-rust`. */
export interface Attack {
  /** What the plugin does. */
  readonly name: string;
  readonly target: Target;
  /** Each of them tries it. */
  readonly languages: readonly Language[];
  readonly query: string;
  readonly params?: readonly unknown[];
  readonly ends: Ending;
  /** Where it is done as the plugin is initialised, and so ends the loading. */
  readonly atStart?: boolean;
}

/**
 * How an attack ends: with a code of the host, where V8 decides one of several; with an error that the plugin is
 * told; or with an answer that gives away nothing.
 */
export type Ending =
  | { readonly code: ErrorCode | readonly ErrorCode[] }
  | { readonly told: ErrorKind | readonly ErrorKind[] }
  | { readonly answer: unknown };

export const BOTH: readonly Language[] = ["assemblyscript", "rust"];
export const ALL: readonly Language[] = ["assemblyscript", "rust", "rust-wasip2"];
