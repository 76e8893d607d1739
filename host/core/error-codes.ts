import { didYouMean } from "./did-you-mean.ts";
import { reportProblems, type Problem } from "./problem.ts";

import type { SourcePosition } from "./source-position.ts";

/**
 * Every code that a `HostError` may have, with the sentence made of its details. The type of a row's
 * parameter is the type of `details` for that code.
 *
 * A sentence says what happened, to which plugin, and what to do. Whatever a plugin had a hand in is quoted
 * by `quote`, which bounds it and takes control characters out.
 */
export const ERRORS = {
  // The binary -------------------------------------------------------------------------------------------
  BINARY_NOT_WASM: (d: { file: string; found: string }) =>
    `${quote(d.file)} is not WebAssembly: it starts with ${quote(d.found)}. Build a component with "tusk build".`,
  BINARY_KIND: (d: {
    file: string;
    found: "component" | "core-module";
    expected: "component" | "core-module";
  }) =>
    d.expected === "component"
      ? `${quote(d.file)} is a core module, and a component is expected. Make one with "tusk build".`
      : `${quote(d.file)} is a component, and a core module is expected.`,
  BINARY_MALFORMED: (d: { file: string; offset: number; reason: string }) =>
    `${quote(d.file)} is truncated or damaged at byte ${d.offset}: ${quote(d.reason)}. Build or copy it again.`,
  BINARY_UNSUPPORTED: (d: { file: string; feature: string; offset: number }) =>
    `${quote(d.file)} uses ${d.feature} (at byte ${d.offset}), which this host does not run. Build it without.`,
  BINARY_OVER_LIMIT: (d: { file: string; what: string; wanted: number; limit: number }) =>
    `${quote(d.file)} wants ${d.wanted} ${d.what}, more than its limit of ${d.limit}. Raise the limit in its settings, or build it smaller.`,

  // The contract -----------------------------------------------------------------------------------------
  CONTRACT_VERSION: (d: { plugin: string; found: string; known: readonly string[] }) =>
    `Plugin ${quote(d.plugin)} is built for contract version ${quote(d.found)}; this host knows ${d.known.join(", ")}. Build it with the SDK of such a version.`,
  CONTRACT_EXPORT_MISSING: (d: { plugin: string; missing: string }) =>
    `Plugin ${quote(d.plugin)} does not export ${d.missing}. Every plugin does: see wit/worlds.wit.`,
  CONTRACT_IMPORT_UNKNOWN: (d: { plugin: string; import: string; known: readonly string[] }) =>
    `Plugin ${quote(d.plugin)} imports ${quote(d.import)}, which this host does not provide.${didYouMean(d.import, d.known)}`,
  CONTRACT_TYPES: (d: { plugin: string; interface: string; name: string }) =>
    `Plugin ${quote(d.plugin)} declares ${quote(`${d.interface}#${d.name}`)} with other types than this host has. Build it against the WIT of the contract, or of WASI 0.2.`,
  COMPONENT_INVALID: (d: { file: string; reason: string }) =>
    `${quote(d.file)} is no valid component: ${quote(d.reason, 2000)}. Build it again with "tusk build".`,
  PERMISSION_MISSING: (d: { plugin: string; missing: readonly string[]; grant: string }) =>
    `Plugin ${quote(d.plugin)} asks for what it was not granted: ${d.missing.join(", ")}. To grant it, add to its settings: ${d.grant}`,
  SERVICE_MISSING: (d: { plugin: string; service: string }) =>
    `Plugin ${quote(d.plugin)} imports the service ${d.service}, which this host was not given.`,
  PACKAGE_MISSING: (d: { plugin: string; package: string; for: string; install: string }) =>
    `Plugin ${quote(d.plugin)} is ${d.for}: that takes the package ${d.package}, which is not installed. Run "${d.install}", or build the plugin as a component.`,
  CACHE_UNSAFE: (d: { folder: string; reason: string }) =>
    `The cache folder ${quote(d.folder)} ${d.reason}, and what is in it would be run. Choose another one, or make it yours alone.`,

  // Trust ------------------------------------------------------------------------------------------------
  KEY_UNREADABLE: (d: { file: string; kind: "public" | "secret"; reason: string }) =>
    `The ${d.kind} key ${quote(d.file)} cannot be used: ${quote(d.reason)}. Make a pair with "tusk keygen".`,
  SIGNATURE_MALFORMED: (d: { file: string; reason: string }) =>
    `The signature ${quote(d.file)} is damaged: ${d.reason}. Sign the plugin again.`,
  SIGNATURE_PRESENT: (d: { file: string; key: string }) =>
    `${quote(d.file)} is signed with the key ${d.key} already, and was left as it is.`,
  SIGNATURE_MISSING: (d: { plugin: string; file: string }) =>
    `Plugin ${quote(d.plugin)} is not signed. Sign it (tusk sign ${quote(d.file)} --key KEY), pin it with "sha256" in its settings, or load it all the same with "trust": "warn".`,
  SIGNATURE_INVALID: (d: { plugin: string; file: string }) =>
    `Plugin ${quote(d.plugin)} is not what was signed: ${quote(d.file)} was changed afterwards, or cut short. Get it again, or sign it again.`,
  SIGNER_UNKNOWN: (d: { plugin: string; keyIds: readonly string[]; known: readonly string[] }) =>
    `Plugin ${quote(d.plugin)} is signed, but with none of the keys in "trust.keys" of the settings (${d.known.length === 0 ? "there are none" : d.known.map((name) => quote(name)).join(", ")}). If you trust whoever signed it${d.keyIds.length === 0 ? "" : ` (key ${d.keyIds.join(", ")})`}, add that key, with the names of the plugins that it may sign.`,
  SIGNER_NOT_ALLOWED: (d: { plugin: string; key: string; plugins: readonly string[] }) =>
    `Plugin ${quote(d.plugin)} is signed with the key ${quote(d.key)}, which may sign only ${d.plugins.map((name) => quote(name)).join(", ")}. Add the name to "plugins" of that key in "trust.keys" if it should.`,
  SIGNED_NAME: (d: { plugin: string; field: "name" | "version"; signed: string; found: string }) =>
    `Plugin ${quote(d.plugin)} is signed for the ${d.field} ${quote(d.signed)}, and ${quote(d.found)} stands in its place. Use the build that was signed for this, or sign it anew.`,
  VERSION_OLDER: (d: { plugin: string; found: string; newest: string }) =>
    `Plugin ${quote(d.plugin)} is version ${quote(d.found)}, older than ${quote(d.newest)}, which was trusted last. If you want it back, say so: tusk reload ${quote(d.plugin)} --older.`,
  HASH_PINNED: (d: { plugin: string; pinned: string; found: string }) =>
    `Plugin ${quote(d.plugin)} has the SHA-256 ${d.found}, and its settings pin ${d.pinned}. Put the right file there, or change "sha256".`,
  LOCK_DIFFERS: (d: { plugin: string; file: string; locked: string | undefined; found: string }) =>
    d.locked === undefined
      ? `Plugin ${quote(d.plugin)} is not in the lock file ${quote(d.file)}. Run "tusk lock" if it should be.`
      : `Plugin ${quote(d.plugin)} has the SHA-256 ${d.found}, and the lock file ${quote(d.file)} has ${d.locked}. Put the right file there, or run "tusk lock".`,
  LOCK_UNREADABLE: (d: { file: string; reason: string }) =>
    `The lock file ${quote(d.file)} cannot be used: ${quote(d.reason)}. Make it with "tusk lock".`,
  BUILD_REVOKED: (d: { plugin: string; hash: string }) =>
    `The build ${d.hash} of plugin ${quote(d.plugin)} was revoked ("trust.revoked" in the settings), and may not run. Put another one in its place.`,
  KEY_REVOKED: (d: { plugin: string; key: string }) =>
    `Plugin ${quote(d.plugin)} is signed with the key ${quote(d.key)}, which was revoked ("trust.revoked" in the settings). Have it signed with another one.`,
  REVOCATIONS_UNREADABLE: (d: { file: string; reason: string }) =>
    `What was revoked cannot be read from ${quote(d.file)}: ${quote(d.reason)}. Nothing is let in until it can.`,
  TRUST_RECORD: (d: { file: string; reason: string }) =>
    `Which versions were trusted last cannot be kept in ${quote(d.file)}: ${quote(d.reason)}. Make the file writable for the host alone, or name another one with "trust.record" in the settings.`,
  FINDING_REFUSED: (d: { plugin: string; rule: string; where: string; message: string; more: number }) =>
    `Plugin ${quote(d.plugin)} has what its settings refuse, ${d.rule} in ${quote(d.where)}: ${d.message}.${d.more > 0 ? ` There are ${d.more} more: see "tusk scan".` : ""} Build it without, or take the rule out of "inspection.refuse".`,

  // Calls ------------------------------------------------------------------------------------------------
  FUNCTION_UNKNOWN: (d: { interface: string; function: string; known: readonly string[] }) =>
    `The contract has no function ${quote(`${d.interface}.${d.function}`)}.${didYouMean(d.function, d.known)}`,
  PLUGIN_ERROR: (d: { plugin: string; function: string; kind: string; text: string }) =>
    `Plugin ${quote(d.plugin)} answered ${d.function} with the error ${d.kind}: ${quote(d.text)}.`,
  PLUGIN_ANSWER_INVALID: (d: { plugin: string; function: string; reason: string }) =>
    `Plugin ${quote(d.plugin)} answered ${d.function} with something that is no answer: ${quote(d.reason)}. Its SDK or its code is broken.`,
  PLUGIN_TRAPPED: (d: {
    plugin: string;
    function: string;
    trap: string;
    lastWords: string;
    frames: readonly string[];
  }) =>
    `Plugin ${quote(d.plugin)} trapped in ${d.function}: ${d.trap}.${d.lastWords === "" ? "" : ` Its last words: ${quote(d.lastWords)}.`}`,
  PLUGIN_STACK_OVERFLOW: (d: { plugin: string; function: string }) =>
    `Plugin ${quote(d.plugin)} used up the stack in ${d.function}: it calls itself without end, or too deeply.`,
  PLUGIN_MEMORY_LIMIT: (d: { plugin: string; function: string; usedBytes: number; limitBytes: number }) =>
    `Plugin ${quote(d.plugin)} wanted more memory in ${d.function} than its limit: it uses ${d.usedBytes} of ${d.limitBytes} bytes. Raise "limits.memoryBytes" (of an instance) or "limits.totalMemoryBytes" (of all) in its settings if it needs more.`,
  /** `queued`: no instance was free all that time. `caller`: the plugin whose call this one was part of, and whose time it was. */
  PLUGIN_TIMEOUT: (d: { plugin: string; limitMs: number; queued?: boolean; caller?: string | undefined }) => {
    const plugin = quote(d.plugin);
    if (d.caller !== undefined) {
      const what = d.queued ? "was busy with other calls" : "had not answered";
      return `Plugin ${plugin} ${what} when the ${d.limitMs} ms of plugin ${quote(d.caller)} were over, which called it. Raise "limits.timeoutMs" in the settings of that one if it needs more.`;
    }
    return d.queued
      ? `Plugin ${plugin} was busy with other calls for all of this one's ${d.limitMs} ms. Raise "instances" in its settings if it is called more often than it can answer.`
      : `Plugin ${plugin} took longer than its ${d.limitMs} ms. Raise "limits.timeoutMs" in its settings if it needs more.`;
  },
  PLUGIN_CPU_LIMIT: (d: { plugin: string; limitMs: number }) =>
    `Plugin ${quote(d.plugin)} computed for longer than its ${d.limitMs} ms. Raise "limits.cpuMs" in its settings if it needs more.`,
  PLUGIN_ABORTED: (d: { plugin: string }) =>
    `The call of plugin ${quote(d.plugin)} was aborted by its caller.`,
  PLUGIN_EXITED: (d: { plugin: string; failed: boolean }) =>
    `Plugin ${quote(d.plugin)} called exit to say that it ${d.failed ? "failed" : "is done"}. A plugin ends by returning.`,
  PLUGIN_STOPPED: (d: { plugin: string }) => `Plugin ${quote(d.plugin)} was stopped before it answered.`,
  SERVICE_FAULT: (d: { plugin: string }) =>
    `A service failed while plugin ${quote(d.plugin)} was using it. This is a fault of the host: see the cause.`,
  PLUGIN_OVERLOADED: (d: { plugin: string; instances: number; waiting: number }) =>
    `Plugin ${quote(d.plugin)} has ${d.waiting} calls waiting for its ${d.instances} instance(s), and takes no more for now. Raise "instances" or "limits.queueLength", or call less.`,
  PLUGIN_REENTERED: (d: { plugin: string; instances: number }) =>
    `Plugin ${quote(d.plugin)} was called by way of calls that wait for it, and all of its ${d.instances} instance(s) are busy with those: they would wait for each other. Raise "instances".`,
  PLUGIN_CIRCUIT_OPEN: (d: { plugin: string; deaths: number; retryInMs: number }) =>
    `Plugin ${quote(d.plugin)} died ${d.deaths} times in a row and is not called for another ${Math.ceil(d.retryInMs)} ms.`,
  PLUGIN_WORKER_LOST: (d: { plugin: string; function: string; reason: string }) =>
    `The thread in which plugin ${quote(d.plugin)} was doing ${d.function} ended: ${quote(d.reason)}. The plugin is started anew when it is called again; if this happens again, give it "limits" or raise "workers.heapBytes" in the settings.`,
  SETTINGS_FIXED: (d: { keys: readonly string[] }) =>
    `The settings have changed in ${d.keys.join(", ")}, which a host cannot change while it runs. Nothing was changed: start it anew.`,
  WORKER_HEAP_SMALL: (d: { plugin: string; heapBytes: number; neededBytes: number }) =>
    `Plugin ${quote(d.plugin)} is not placed in a worker: the heap of one has ${d.heapBytes} bytes, and for its "limits.memoryBytes" it takes ${d.neededBytes}. Raise "workers.heapBytes" in the settings, or lower that limit.`,

  // Plugins ----------------------------------------------------------------------------------------------
  PLUGIN_UNKNOWN: (d: { plugin: string; known: readonly string[] }) =>
    `There is no plugin ${quote(d.plugin)}.${didYouMean(d.plugin, d.known)}${d.known.length > 0 ? ` There is: ${d.known.join(", ")}.` : " There is none at all."}`,
  PLUGIN_NOT_SERVING: (d: { plugin: string; state: string; reason: string }) =>
    `Plugin ${quote(d.plugin)} does not serve: it is ${d.state}.${d.reason === "" ? "" : ` ${d.reason}`}`,
  PLUGIN_NAME_TAKEN: (d: { file: string; plugin: string; holder: string }) =>
    `${quote(d.file)} is not loaded: the plugin ${quote(d.plugin)} is that of ${quote(d.holder)}. Rename one of the two, or load it with settings that name it.`,
  FILE_NAME_INVALID: (d: { file: string; plugin: string }) =>
    `${quote(d.file)} is not loaded: a plugin's name is made of letters, digits, "_", "-" and ".", and has 100 of them at most. Rename the file.`,
  CAPABILITY_MISSING: (d: { plugin: string; capability: string; has: readonly string[] }) =>
    `Plugin ${quote(d.plugin)} has no capability ${d.capability}. It has: ${d.has.join(", ")}.`,
  SETTING_UNSUPPORTED: (d: { plugin: string; settings: readonly { setting: string; why: string }[] }) =>
    `Plugin ${quote(d.plugin)} has settings that cannot be kept. Change what is named here:${d.settings.map(({ setting, why }) => `\n  ${setting}: ${why}`).join("")}`,
  SWAP_BREAKS_DEPENDENT: (d: { plugin: string; lost: readonly string[]; dependents: readonly string[] }) =>
    `The new build of plugin ${quote(d.plugin)} has no ${d.lost.join(", ")} any more, and ${d.dependents.join(", ")} depend on it. Change those first.`,
  SHUTDOWN_TIMEOUT: (d: { plugin: string; limitMs: number }) =>
    `Plugin ${quote(d.plugin)} had not shut down after its ${d.limitMs} ms, and was ended as it was. Raise "limits.shutdownMs" in its settings if it needs more.`,
  ROLLBACK_IMPOSSIBLE: (d: { plugin: string }) =>
    `Plugin ${quote(d.plugin)} has served no other build that is kept: there is none to go back to.`,
  ROLLBACK_UNKNOWN: (d: { plugin: string; wanted: string; kept: readonly string[] }) =>
    `No build of plugin ${quote(d.plugin)} that is kept is ${quote(d.wanted)}. Kept are: ${quote(d.kept.join(", "), 1000)}. Name one by its version, or by the beginning of its hash.`,
  BUILD_DAMAGED: (d: { plugin: string; hash: string; file: string; reason: string }) =>
    `The build ${d.hash.slice(0, 8)} of plugin ${quote(d.plugin)} that was kept in ${quote(d.file)} cannot be used: ${quote(d.reason)}. Roll back to another one.`,
  BUILD_NOT_KEPT: (d: { plugin: string; folder: string; reason: string }) =>
    `The build of plugin ${quote(d.plugin)} could not be kept in ${quote(d.folder)} for a rollback: ${quote(d.reason)}.`,
  PLUGIN_NEEDED: (d: { plugin: string; dependents: readonly string[] }) =>
    `Plugin ${quote(d.plugin)} goes on: ${d.dependents.join(", ")} cannot do without it. End those first.`,
  DEPENDENCY_NOT_SERVING: (d: { plugin: string; dependency: string; state: string }) =>
    `Plugin ${quote(d.plugin)} needs plugin ${quote(d.dependency)}, which is ${d.state}. Mend that one first.`,
  FILE_UNREADABLE: (d: { file: string; plugin: string; reason: string }) =>
    `The file ${quote(d.file)} of plugin ${quote(d.plugin)} cannot be read: ${quote(d.reason)}. Build it, or correct "path" in the settings.`,
  HOST_CLOSED: (d: { file: string }) => `${quote(d.file)} is not loaded: the host was shut down.`,
  HOST_FAULT: (d: { doing: string }) =>
    `Something went wrong in the host itself while it ${d.doing}: see the cause.`,
  RUNTIME_UNSUPPORTED: (d: { found: string; needs: string }) =>
    `This is ${d.found}, and a plugin host needs ${d.needs}. Install a newer Node.`,

  // Building ---------------------------------------------------------------------------------------------
  BUILD_TOOLCHAIN_MISSING: (d: { needs: string; run: string }) =>
    `Building this plugin takes ${d.needs}, and there is none here. Run ${d.run}.`,

  BUILD_UNKNOWN_LANGUAGE: (d: { folder: string }) =>
    `${d.folder} holds no plugin that can be built: neither assembly/ with a package.json or asconfig.json (AssemblyScript), nor a Cargo.toml (Rust).`,
  BUILD_TOOL_MISSING: (d: { plugin: string; tool: string; install: string }) =>
    `Plugin ${quote(d.plugin)} cannot be built without ${d.tool}. Install it: ${d.install}`,
  /** `diagnostics` where the compiler gives them one by one, otherwise `output`, which is what it printed. */
  BUILD_FAILED: (d: {
    plugin: string;
    diagnostics: readonly (SourcePosition & { message: string })[];
    output: string;
  }) =>
    `Plugin ${quote(d.plugin)} does not compile.${listed(d.diagnostics, ({ message }) => quote(message))}${d.output === "" ? "" : `\n\n${printable(d.output)}`}`,
  BUILD_IMPORT_UNKNOWN: (d: {
    plugin: string;
    uses: readonly (SourcePosition & { used: string; import: string })[];
  }) =>
    `Plugin ${quote(d.plugin)} uses what no host provides.${listed(d.uses, (use) => `${quote(use.used)} needs the import ${quote(use.import)}`)}`,

  PLUGIN_NAME_INVALID: (d: { name: string }) =>
    `${quote(d.name)} is no name for a new plugin: one has lower-case letters and digits, in words joined by "-", and starts with a letter.`,
  FOLDER_NOT_EMPTY: (d: { folder: string }) =>
    `There is something in ${quote(d.folder)} already. Choose another name, or another folder with --dir.`,

  // HTTP -------------------------------------------------------------------------------------------------
  ROUTE_INVALID: (d: { plugin: string; method: string; pattern: string; reason: string }) =>
    `The route ${quote(d.method)} ${quote(d.pattern)} of plugin ${quote(d.plugin)} is not served: ${d.reason}.`,
  ROUTE_CONFLICT: (d: { plugin: string; method: string; pattern: string; holder: string }) =>
    `The route ${quote(d.method)} ${quote(d.pattern)} of plugin ${quote(d.plugin)} is not served: plugin ${quote(d.holder)} answers it already. Change one of the two.`,
  LISTEN_FAILED: (d: { host: string; port: number; reason: string }) =>
    `Cannot listen on ${quote(d.host)}, port ${d.port}: ${d.reason}`,

  // Guards of routes -------------------------------------------------------------------------------------
  GUARD_INVALID: (d: { path: string; reason: string }) =>
    `The guard of ${quote(d.path)} in the settings cannot be kept: ${quote(d.reason)}. Correct it under "http".`,
  /** `shown`: there was a token, and it was not a good one. */
  REQUEST_UNAUTHENTICATED: (d: { plugin: string; shown: boolean }) =>
    d.shown
      ? `The request shows a token that plugin ${quote(d.plugin)} does not take. Sign in again.`
      : `The request shows no token, and its route is guarded by plugin ${quote(d.plugin)}. Sign in, and send "authorization: Bearer …".`,
  REQUEST_FORBIDDEN: (d: { plugin: string; user: string; resource: string; action: string }) =>
    `Plugin ${quote(d.plugin)} does not allow ${quote(d.user)} to ${quote(d.action)} ${quote(d.resource)}. Give the user a role that may.`,
  GUARD_UNAVAILABLE: (d: { plugin: string; path: string; reason: string }) =>
    `The guard of ${quote(d.path)} lets nobody in, since plugin ${quote(d.plugin)} cannot be asked: ${d.reason}`,

  // Control of a host that runs --------------------------------------------------------------------------
  HOST_NOT_RUNNING: (d: { address: string }) =>
    `No host runs on these settings: nothing listens at ${quote(d.address)}. Start one with "tusk run", or name its settings with --config.`,
  CONTROL_TAKEN: (d: { address: string }) =>
    `Another host runs on these settings: it listens at ${quote(d.address)}. End that one, or leave this one without control with --no-control.`,
  CONTROL_UNUSABLE: (d: { address: string; reason: string }) =>
    `The control socket cannot be used: ${quote(d.address)} ${d.reason}. Mend that, or run without control with --no-control.`,
  CONTROL_REQUEST_INVALID: (d: { reason: string }) =>
    `The request is none that this host knows: ${quote(d.reason)}. Use the "tusk" of the same version.`,
  CONTROL_LOST: (d: { address: string; reason: string }) =>
    `The host at ${quote(d.address)} has gone before it answered: ${quote(d.reason)}. See what it printed, and ask again.`,

  // The command line ---------------------------------------------------------------------------------------
  USAGE_INVALID: (d: { reason: string; command: string }) => `${d.reason} See "${d.command} --help".`,

  // Values that cross ------------------------------------------------------------------------------------
  VALUE_INVALID: (d: { path: string; expected: string; found: string }) =>
    `${d.path} should be ${d.expected}, and is ${quote(d.found)}.`,
  JSON_MALFORMED: (d: { reason: string; offset: number }) =>
    `The bytes are not a JSON value in MessagePack: ${d.reason} at byte ${d.offset}.`,

  // Settings ---------------------------------------------------------------------------------------------
  SETTINGS_UNREADABLE: (d: { file: string; reason: string }) =>
    `${quote(d.file)} cannot be read: ${d.reason}.`,
  SETTINGS_INVALID: (d: { file: string | undefined; problems: readonly Problem[]; total: number }) =>
    `${d.file === undefined ? "The settings have" : `${quote(d.file)} has`} ${d.total === 1 ? "a problem" : `${d.total} problems`}:\n${reportProblems(d.problems, d.total)}`,

  // Dependencies of plugins ------------------------------------------------------------------------------
  DEPENDENCY_CYCLE: (d: { cycle: readonly string[] }) =>
    `Plugins depend on each other in a circle: ${d.cycle.join(" → ")}. Take one of these dependencies out.`,
  DEPENDENCY_UNAVAILABLE: (d: { missing: readonly UnavailableDependency[]; known: readonly string[] }) =>
    d.missing
      .map(({ name, state, wantedBy }) => {
        const wanting = wantedBy.map((plugin) => quote(plugin)).join(", ");
        return state === "disabled"
          ? `Plugin ${quote(name)} is disabled, and needed by ${wanting}. Enable it, or make it optional there ("${name}?").`
          : `Plugin ${quote(name)} is not there, and needed by ${wanting}.${didYouMean(name, d.known)} Add it, or make it optional there ("${name}?").`;
      })
      .join("\n"),
  DEPENDENCY_VERSION: (d: { plugin: string; dependency: string; range: string; found: string }) =>
    `Plugin ${quote(d.plugin)} needs ${quote(d.dependency)} in a version of the range ${quote(d.range)}, and it is ${quote(d.found)}.`,

  // The log ----------------------------------------------------------------------------------------------
  LOG_FILE_UNUSABLE: (d: { file: string; reason: string }) =>
    `The log file ${quote(d.file)} cannot be written to: ${quote(d.reason)}. Mend that, or name another one in the settings, as "file" of "log".`,
  OUTPUT_LOST: (d: { reason: string }) =>
    `The standard output cannot be written to: ${quote(d.reason)}. What was to stand there is lost.`,

  // Services ---------------------------------------------------------------------------------------------
  SERVICE_MISUSED: (d: { plugin: string; function: string; reason: string }) =>
    `Plugin ${quote(d.plugin)} broke the rules of ${d.function}: ${d.reason}. Its instance ends; mend the plugin.`,
  DATABASE_SETTING: (d: { name: string; reason: string }) =>
    `The URL of the database ${quote(d.name)} in the settings cannot be used: ${d.reason}.`,
} as const satisfies Record<string, (details: never) => string>;

/** A plugin that is depended on and cannot be had. */
interface UnavailableDependency {
  readonly name: string;
  readonly state: "missing" | "disabled";
  readonly wantedBy: readonly string[];
}

/** A line for each of the first ten places: where, and what is there. */
function listed<T extends SourcePosition>(places: readonly T[], say: (place: T) => string): string {
  const lines = places
    .slice(0, 10)
    .map(
      (place) =>
        `\n  ${place.file === "" ? "" : `${place.file}:${place.line}:${place.column}: `}${say(place)}`,
    );
  if (places.length > 10) lines.push(`\n  and ${places.length - 10} more`);
  return lines.join("");
}

/** A text that somebody else chose, fit to stand in a message: quoted, bounded, one line. */
export function quote(text: string, maxLength = 200): string {
  const bounded = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return JSON.stringify(bounded.toWellFormed()).replace(
    /[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A text of several lines that somebody else chose, as it is but for its length and its control characters. */
export function printable(text: string, maxLength = 20_000): string {
  const bounded = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return bounded.toWellFormed().replace(/(?![\n\t])[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu, "\ufffd");
}
