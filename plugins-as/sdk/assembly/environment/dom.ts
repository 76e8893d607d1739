// What takes the place of AssemblyScript's bindings to a browser, so that `console`, `Date.now`, `performance`
// and `crypto` are the host's services. The build puts this where the compiler looks for `bindings/dom`, and what
// stood there into `bindings/browser`.

import "tusk-plugin-as/environment/abort";
import "tusk-plugin-as/environment/seed";
import "tusk-plugin-as/environment/trace";
import { clock } from "tusk-plugin-as/services/clock";
import { logger } from "tusk-plugin-as/services/logger";
import { random } from "tusk-plugin-as/services/random";

// @ts-ignore: see above
export * from "./browser";

export namespace console {
  export function assert(condition: bool, message: string): void {
    if (!condition) logger.error(message);
  }

  export function log(text: string): void {
    logger.info(text);
  }

  export function debug(text: string): void {
    logger.debug(text);
  }

  export function info(text: string): void {
    logger.info(text);
  }

  export function warn(text: string): void {
    logger.warn(text);
  }

  export function error(text: string): void {
    logger.error(text);
  }

  export function time(label: string): void {
    timers().set(label, performance.now());
  }

  export function timeLog(label: string): void {
    if (!timers().has(label)) return logger.warn(`no timer "${label}"`);
    logger.info(`${label}: ${performance.now() - timers().get(label)} ms`);
  }

  export function timeEnd(label: string): void {
    timeLog(label);
    timers().delete(label);
  }
}

// When each timer of `console.time` was started. Made when it is first needed: see `abort`.
let started: Map<string, f64> | null = null;

function timers(): Map<string, f64> {
  if (!started) started = new Map<string, f64>();
  return started!;
}

export namespace Date {
  export function now(): f64 {
    return <f64>clock.nowMs();
  }
}

export namespace performance {
  export function now(): f64 {
    return <f64>clock.monotonicNs() / 1e6;
  }
}

export namespace crypto {
  export function getRandomValues(array: Uint8Array): void {
    array.set(random.bytes(array.length));
  }
}
