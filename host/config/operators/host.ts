import { Refusal } from "../refusal.ts";
import { createScrubber } from "../scrub.ts";
import type { LogLevel } from "../settings-options.ts";
import type { Operator } from "./operator.ts";

const log = (level: LogLevel): Operator => ({
  least: 1,
  most: 1,
  usage: `@log.${level}("message")`,
  async run(call) {
    const message = await call.text(0);
    call.world.grants.log?.(level, createScrubber(call.world.secrets)(message));
    return message;
  },
});

/** The host itself: its memory and its log. A line that is logged is what the operator gives, too. */
export const HOST_OPERATORS: Readonly<Record<string, Operator>> = {
  "memory.get_usage": {
    least: 0,
    most: 0,
    usage: "@memory.get_usage()",
    run({ world }) {
      if (world.grants.memoryUsage) return world.grants.memoryUsage();
      throw new Refusal("@memory.get_usage is not granted to these settings.");
    },
  },
  "log.trace": log("trace"),
  "log.debug": log("debug"),
  "log.info": log("info"),
  "log.warn": log("warn"),
  "log.error": log("error"),
};
