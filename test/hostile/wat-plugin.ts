import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { loadContract } from "../../host/component/contract.ts";

/** The parts of a plugin in WAT in which an attacker may differ from a harmless one. */
export interface WatParts {
  /** Fields of the module before everything else: types and imports. */
  readonly imports?: string;
  /** The limits of its memory, in pages. */
  readonly memory?: string;
  /** More fields: functions, tables, globals, a start. */
  readonly fields?: string;
  /** Bodies of exported functions. Each gives its result by leaving an address on the stack. */
  readonly info?: string;
  readonly initialize?: string;
  readonly shutdown?: string;
  /** With it the plugin exports `health`. */
  readonly health?: string;
  /** `$query $queryLength $params $paramsLength` are its parameters; $a, $b, $c are locals of type i32. */
  readonly query?: string;
  /** The body of the function that allocates for the host. */
  readonly realloc?: string;
  /** What runs after the host has read the result of a query. */
  readonly post?: string;
}

const I = "tusk:plugin";
const V = "@0.1.0";

/**
 * A plugin named "wat" with the capability `database-plugin`, by hand: its query answers with its
 * parameters.
 *
 * At 16 stands its info, at 128 its result; 1024 is nil in MessagePack; what the host allocates begins at 4096.
 */
export function watPlugin(parts: WatParts): string {
  const answer = `(i32.const 128)`;
  return `(module
    ${parts.imports ?? ""}
    (memory (export "memory") ${parts.memory ?? "2"})
    (data (i32.const 16) "\\80\\00\\00\\00\\03\\00\\00\\00\\84\\00\\00\\00\\05\\00\\00\\00\\80\\00\\00\\00\\03\\00\\00\\00")
    (data (i32.const 512) "wat\\001.0.0")
    (data (i32.const 1024) "\\c0")
    (global $next (mut i32) (i32.const 4096))
    ${parts.fields ?? ""}
    (func $realloc (export "cabi_realloc") (param $old i32) (param $oldSize i32) (param $align i32) (param $size i32) (result i32)
      ${
        parts.realloc ??
        `(global.get $next)
         (global.set $next (i32.add (global.get $next) (i32.and (i32.add (local.get $size) (i32.const 15)) (i32.const -16))))
         (block $enough
           (br_if $enough (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
           (br_if $enough (i32.ne (memory.grow (i32.add (i32.const 1) (i32.shr_u (local.get $size) (i32.const 16)))) (i32.const -1)))
           (unreachable))`
      })
    (func (export "${I}/plugin${V}#info") (result i32)
      (i32.store (i32.const 16) (i32.const 512)) (i32.store (i32.const 20) (i32.const 3))
      (i32.store (i32.const 24) (i32.const 516)) (i32.store (i32.const 28) (i32.const 5))
      (i32.store (i32.const 32) (i32.const 512)) (i32.store (i32.const 36) (i32.const 3))
      ${parts.info ?? "(i32.const 16)"})
    (func (export "${I}/plugin${V}#initialize") (param $settings i32) (param $settingsLength i32) (result i32)
      ${parts.initialize ?? answer})
    (func (export "${I}/plugin${V}#shutdown") (result i32)
      ${parts.shutdown ?? answer})
    ${parts.health === undefined ? "" : `(func (export "${I}/health${V}#check") (result i32) ${parts.health})`}
    (func (export "${I}/database-plugin${V}#execute-query")
      (param $query i32) (param $queryLength i32) (param $params i32) (param $paramsLength i32) (result i32)
      (local $a i32) (local $b i32) (local $c i32)
      ${
        parts.query ??
        `(i32.store8 (i32.const 128) (i32.const 0))
         (i32.store (i32.const 132) (local.get $params))
         (i32.store (i32.const 136) (local.get $paramsLength))
         (i32.const 128)`
      })
    (func (export "cabi_post_${I}/database-plugin${V}#execute-query") (param i32)
      (global.set $next (i32.const 4096))
      ${parts.post ?? ""})
    (func (export "${I}/database-plugin${V}#create-table") (param i32 i32 i32 i32) (result i32) ${answer})
    (func (export "${I}/database-plugin${V}#backup-database") (param i32 i32) (result i32) ${answer})
  )`;
}

/** The plain core module of a plugin in WAT. */
export function plainWat(parts: WatParts): Promise<Uint8Array> {
  return parse(watPlugin(parts));
}

/** The component of a plugin in WAT, made without our own tools, which would refuse some of what is tried. */
export function buildWat(parts: WatParts): Promise<Uint8Array> {
  return buildWatAgainst(parts, "", "");
}

/**
 * The same for a plugin whose own idea of the contract is another: `theirs` stands where the contract has
 * `ours`, so that the types of its imports are not those that the host knows.
 */
export async function buildWatAgainst(parts: WatParts, ours: string, theirs: string): Promise<Uint8Array> {
  const { source } = await loadContract();
  if (!source.includes(ours)) throw new Error(`The contract does not say ${ours}`);
  const world = "world wat { include services; export plugin; export database-plugin; }";
  const watched = parts.health === undefined ? world : world.replace("}", "export health; }");
  const witSource = `${source.replace(ours, theirs)}\n${watched}`;
  return componentNew(
    await componentEmbed({ binary: await parse(watPlugin(parts)), witSource, world: "wat" }),
  );
}
