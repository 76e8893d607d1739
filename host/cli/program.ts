import { Command, CommanderError } from "commander";
import { HostError } from "../core/error.ts";
import { packageVersion } from "../core/package-root.ts";
import { CONTRACT_VERSIONS } from "../component/contract/version.ts";
import { createBenchCommand } from "./commands/bench.ts";
import { createBuildCommand } from "./commands/build.ts";
import { createCallCommand } from "./commands/call.ts";
import { createCompleteCommand, createCompletionCommand } from "./commands/completion.ts";
import { createDevCommand } from "./commands/dev.ts";
import { createDiffCommand } from "./commands/diff.ts";
import { createDoctorCommand } from "./commands/doctor.ts";
import { createGraphCommand } from "./commands/graph.ts";
import { createInspectCommand } from "./commands/inspect.ts";
import { createKeygenCommand } from "./commands/keygen.ts";
import { createListCommand } from "./commands/list.ts";
import { createLockCommand } from "./commands/lock.ts";
import { createLogsCommand } from "./commands/logs.ts";
import { createNewCommand } from "./commands/new.ts";
import { createRunCommand } from "./commands/run.ts";
import { createScanCommand } from "./commands/scan.ts";
import { createSignCommand } from "./commands/sign.ts";
import { createStatusCommand } from "./commands/status.ts";
import {
  createDisableCommand,
  createEnableCommand,
  createReloadCommand,
  createRollbackCommand,
} from "./commands/steer.ts";
import { createVerifyCommand } from "./commands/verify.ts";
import { createTestCommand } from "./commands/test.ts";
import { withExamples } from "./examples.ts";
import { EXIT, exitOf } from "./exit-codes.ts";
import { Output } from "./output.ts";
import type { Session } from "./session.ts";

/** In the order in which somebody needs them who begins. */
const COMMANDS = {
  "Plugins of your own:": [
    createNewCommand,
    createDevCommand,
    createBuildCommand,
    createTestCommand,
    createBenchCommand,
    createDoctorCommand,
  ],
  "To run plugins:": [createRunCommand, createListCommand, createGraphCommand, createCallCommand],
  "While they run:": [
    createStatusCommand,
    createReloadCommand,
    createRollbackCommand,
    createDisableCommand,
    createEnableCommand,
    createLogsCommand,
  ],
  "What a binary is:": [createInspectCommand, createScanCommand, createDiffCommand],
  "Whom to trust:": [createKeygenCommand, createSignCommand, createVerifyCommand, createLockCommand],
  "Your shell:": [createCompletionCommand],
} as const;

const EXAMPLES = [
  ["tusk new my-plugin && cd my-plugin && npm install", "begin a plugin of your own"],
  ["tusk dev", "serve it while you write it"],
  ["tusk inspect build/my-plugin.wasm", "see what it asks for"],
  ["tusk run", "serve the plugins of tusk.json, or those in plugins/"],
  ["tusk help run", "all that a command can do, with examples"],
] as const;

/** Runs the program with these arguments, prints what comes of it, and gives the code to end the process with. */
export async function runProgram(args: readonly string[]): Promise<number> {
  // What is printed has to be known before the arguments are, for they may be wrong.
  const session: Session = { output: new Output(args.includes("--json")), exit: "ok" };
  const program = createProgram(session);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (thrown) {
    const error = asUsageError(thrown, args, program);
    if (error === undefined) return EXIT.ok.code;
    session.output.error(error);
    session.exit = exitOf(error);
  }
  return EXIT[session.exit].code;
}

/** The command with all of its commands, for one run of the program. */
export function createProgram(session: Session): Command {
  const program = new Command("tusk")
    .description("Runs plugins: sandboxed WebAssembly components, swapped while they serve.")
    .version(versionText(), "-V, --version", "print the version");
  for (const [heading, creators] of Object.entries(COMMANDS)) {
    program.commandsGroup(heading);
    for (const create of creators) program.addCommand(create(session));
  }
  program.addCommand(createCompleteCommand(session), { hidden: true });
  for (const command of [program, ...program.commands]) prepare(command);
  program.helpCommand("help [command]", "print the help of a command");
  program.configureHelp({ subcommandTerm: termOf });
  const codes = Object.values(EXIT).map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`);
  program.addHelpText("after", `\nExit codes:\n${codes.join("\n")}`);
  return withExamples(program, EXAMPLES);
}

/** A command and its arguments. That it has options says nothing: all have. */
function termOf(command: Command): string {
  return `${command.name()} ${command.usage().replace(/^\[options\] ?/, "")}`;
}

function prepare(command: Command): void {
  if (command.name() !== "tusk") command.option("--json", "print for programs: JSON");
  command
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    // What is wrong is thrown as well, and printed there.
    .configureOutput({ outputError: () => undefined });
}

/** What commander throws is either no error at all, or about the command line. */
function asUsageError(thrown: unknown, args: readonly string[], program: Command): unknown {
  if (!(thrown instanceof CommanderError)) return thrown;
  if (thrown.exitCode === 0) return undefined;
  const command = program.commands.find((known) => known.name() === args[0]);
  const name = command ? `tusk ${command.name()}` : "tusk";
  const said = thrown.message
    .replace(/^error: /, "")
    .replace(/\n\(Did you mean (.*)\?\)$/, '. Did you mean "$1"?');
  const sentence = said.charAt(0).toUpperCase() + said.slice(1);
  const reason =
    thrown.code === "commander.help" ? "Which command?" : /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
  return new HostError("USAGE_INVALID", { reason, command: name });
}

function versionText(): string {
  return `tusk-host ${packageVersion}, contract ${CONTRACT_VERSIONS.join(", ")}, Node ${process.version}`;
}
