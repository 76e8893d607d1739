import { buildWat } from "../hostile/wat-plugin.ts";

const DATABASE = "tusk:plugin/database@0.1.0";

/**
 * A plugin whose transaction lives longer than a call: the query "b" and a statement opens `main`, begins a
 * transaction and runs the statement in it; the query "c" commits. Whatever fails kills it.
 *
 * @param pages Of its memory, 2 or more: builds with other numbers are other builds.
 */
export function transactionBuild(pages = 2): Promise<Uint8Array> {
  const imports = `
    (import "${DATABASE}" "open" (func $open (param i32 i32 i32)))
    (import "${DATABASE}" "[method]connection.begin" (func $begin (param i32 i32)))
    (import "${DATABASE}" "[method]transaction.execute" (func $execute (param i32 i32 i32 i32 i32 i32)))
    (import "${DATABASE}" "[method]transaction.commit" (func $commit (param i32 i32)))`;
  const fields = `
    (data (i32.const 1040) "main")
    (data (i32.const 1056) "\\90")
    (global $transaction (mut i32) (i32.const 0))
    (func $handle (result i32)
      (call $verify)
      (i32.load (i32.const 2052)))
    (func $verify
      (if (i32.load8_u (i32.const 2048)) (then (unreachable))))`;
  const query = `
    (if (i32.eq (i32.load8_u (local.get $query)) (i32.const ${"b".charCodeAt(0)}))
      (then
        (call $open (i32.const 1040) (i32.const 4) (i32.const 2048))
        (call $begin (call $handle) (i32.const 2048))
        (global.set $transaction (call $handle))
        (call $execute
          (global.get $transaction)
          (i32.add (local.get $query) (i32.const 1)) (i32.sub (local.get $queryLength) (i32.const 1))
          (i32.const 1056) (i32.const 1) (i32.const 2048)))
      (else (call $commit (global.get $transaction) (i32.const 2048))))
    (call $verify)
    (i32.store8 (i32.const 128) (i32.const 0))
    (i32.store (i32.const 132) (i32.const 1024))
    (i32.store (i32.const 136) (i32.const 1))
    (i32.const 128)`;
  return buildWat({ imports, fields, query, memory: String(pages) });
}
