#!/usr/bin/env node
// Nothing but this is loaded before it is known that this Node will do.
import { verifyRuntime } from "../core/runtime.ts";
import { EXIT, exitOf } from "./exit-codes.ts";
import { Output } from "./output.ts";

const args = process.argv.slice(2);
try {
  verifyRuntime(`Node ${process.version}`);
  const { runProgram } = await import("./program.ts");
  process.exitCode = await runProgram(args);
} catch (error) {
  new Output(args.includes("--json")).error(error);
  process.exitCode = EXIT[exitOf(error)].code;
}
