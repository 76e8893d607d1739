import { cutText } from "../core/cut-text.ts";
import { type ErrorCode, HostError, messageOf } from "../core/error.ts";
import type { ErrorKind } from "../component/contract/service-error.ts";
import type { MemoryReport } from "./memory-meter.ts";

/** What is known about a call that did not end with an ordinary result. */
export interface FailureContext {
  readonly plugin: string;
  /** `http-plugin.handle-request` */
  readonly function: string;
  readonly verdict: HostError | undefined;
  readonly memory: MemoryReport;
  readonly growthRefused: boolean;
  /** The last error that the plugin logged. */
  readonly lastWords: string | undefined;
}

/** After one of these the instance answered as it should, and may go on. */
const ORDINARY: ReadonlySet<ErrorCode> = new Set(["PLUGIN_ERROR", "VALUE_INVALID"]);

/** Of a text of the plugin's that an error keeps, in UTF-16 units: it may be kept for long. */
const MAX_TEXT = 16_384;

/** What is thrown where an answer is not of the contract's types. */
const NO_ANSWER: ReadonlySet<ErrorCode> = new Set(["JSON_MALFORMED", "VALUE_INVALID"]);

/** Whether the instance that gave this error must not be used again. */
export function isFatal(error: HostError): boolean {
  return !ORDINARY.has(error.code);
}

/** Says in one HostError what ended a call, given what the bindings threw. */
export function explainFailure(thrown: unknown, context: FailureContext): HostError {
  const { plugin, function: functionName } = context;
  const lastWords = cutText(context.lastWords ?? "", MAX_TEXT);
  if (context.verdict) return context.verdict;
  const guestError = asGuestError(thrown);
  if (guestError) {
    return new HostError("PLUGIN_ERROR", {
      plugin,
      function: functionName,
      kind: guestError.tag,
      text: cutText(guestError.val, MAX_TEXT),
    });
  }
  if (HostError.is(thrown) && !NO_ANSWER.has(thrown.code)) return thrown;
  if (HostError.is(thrown)) {
    const reason = thrown.message;
    return new HostError(
      "PLUGIN_ANSWER_INVALID",
      { plugin, function: functionName, reason },
      { cause: thrown },
    );
  }
  if (thrown instanceof RangeError && /call stack/i.test(thrown.message)) {
    return new HostError("PLUGIN_STACK_OVERFLOW", { plugin, function: functionName }, { cause: thrown });
  }
  if (thrown instanceof WebAssembly.RuntimeError) return explainTrap(thrown, context, lastWords);
  const reason = messageOf(thrown);
  return new HostError(
    "PLUGIN_ANSWER_INVALID",
    { plugin, function: functionName, reason },
    { cause: thrown },
  );
}

function explainTrap(trap: WebAssembly.RuntimeError, context: FailureContext, lastWords: string): HostError {
  const { plugin, function: functionName, memory } = context;
  if (context.growthRefused) {
    const { usedBytes, limitBytes } = memory;
    return new HostError(
      "PLUGIN_MEMORY_LIMIT",
      { plugin, function: functionName, usedBytes, limitBytes },
      { cause: trap },
    );
  }
  const details = {
    plugin,
    function: functionName,
    trap: trap.message,
    lastWords,
    frames: guestFrames(trap.stack ?? ""),
  };
  return new HostError("PLUGIN_TRAPPED", details, { cause: trap });
}

/** The plugin's own `error`, as the bindings throw it. */
function asGuestError(thrown: unknown): { tag: ErrorKind; val: string } | undefined {
  if (typeof thrown !== "object" || thrown === null || thrown instanceof Error) return undefined;
  if (!("tag" in thrown) || !("val" in thrown) || typeof thrown.val !== "string") return undefined;
  return thrown as { tag: ErrorKind; val: string };
}

const MAX_FRAMES = 16;
const MAX_FRAME_NAME = 200;

/** The functions of the plugin that were active when it trapped, innermost first. */
function guestFrames(stack: string): string[] {
  const frames = stack.matchAll(
    /^ +at (.+) \(wasm:\/\/wasm\/[^)]*:wasm-function\[(\d+)\][^)]*\)|^ +at wasm:\/\/wasm\/\S*:wasm-function\[(\d+)\]/gm,
  );
  return Array.from(frames.take(MAX_FRAMES), ([, name, index, bareIndex]) =>
    (name ?? `function ${index ?? bareIndex}`).slice(0, MAX_FRAME_NAME),
  );
}
