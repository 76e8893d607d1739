import { buildWat, type WatParts } from "../hostile/wat-plugin.ts";

const I = "tusk:plugin";
const V = "@0.1.0";

/** The answer `ok` with a number from 0 to 127. */
const answer = (value: string) =>
  `(i32.store8 (i32.const 2048) ${value})
   (i32.store8 (i32.const 128) (i32.const 0)) (i32.store (i32.const 132) (i32.const 2048))
   (i32.store (i32.const 136) (i32.const 1)) (return (i32.const 128))`;

/** What happens if the query begins with this letter. */
const on = (letter: string, body: string) =>
  `(if (i32.eq (local.get $a) (i32.const ${letter.charCodeAt(0)})) (then ${body}))`;

const PARTS: WatParts = {
  imports: `
    (import "${I}/logger${V}" "log" (func $log (param i32 i32 i32 i32 i32 i32)))
    (import "${I}/clock${V}" "now-ms" (func $now (result i64)))
    (import "${I}/http-client${V}" "send" (func $send (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
    (import "${I}/peers${V}" "call" (func $peer (param i32 i32 i32 i32 i32 i32 i32 i32 i32)))`,
  fields: `
    (data (i32.const 600) "GET")
    (data (i32.const 610) "database-plugin")
    (data (i32.const 630) "execute-query")
    (data (i32.const 650) "it hurts")
    (global $calls (mut i32) (i32.const 0))
    (global $inside (mut i32) (i32.const 0))
    (func $the_innermost (unreachable))
    (func $the_outermost (call $the_innermost))
    (func $deeper (param i32) (result i32) (i32.add (call $deeper (local.get 0)) (i32.const 1)))`,
  // The settings {"url": "…"} are 81 a3 75 72 6c, a byte with the length of the URL, and the URL.
  initialize: `
    (if (i32.gt_u (local.get $settingsLength) (i32.const 6)) (then
      (call $send (i32.const 600) (i32.const 3)
        (i32.add (local.get $settings) (i32.const 6))
        (i32.and (i32.load8_u (i32.add (local.get $settings) (i32.const 5))) (i32.const 31))
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 256))))
    (i32.const 128)`,
  query: `
    (if (global.get $inside) (then (unreachable)))
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (if (local.get $queryLength) (then (local.set $a (i32.load8_u (local.get $query)))))
    ${on("c", answer("(global.get $calls)"))}
    ${on("s", "(loop $forever (br $forever))")}
    ${on("r", `(local.set $b (i32.const 100000)) (loop $more (br_if $more (local.tee $b (i32.sub (local.get $b) (i32.const 1))))) ${answer("(i32.const 0)")}`)}
    ${on("t", "(call $the_outermost)")}
    ${on(
      "l",
      `(call $log (i32.const 4) (i32.const 650) (i32.const 8) (i32.const 0) (i32.const 0) (i32.const 0)) (unreachable)`,
    )}
    ${on("d", "(drop (call $deeper (i32.const 0)))")}
    ${on("g", "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)")}
    ${on("m", answer("(i32.ne (memory.grow (i32.const 16)) (i32.const -1))"))}
    ${on("n", `(drop (call $now)) ${answer("(i32.const 0)")}`)}
    ${on(
      "h",
      `(global.set $inside (i32.const 1))
       (call $send (i32.const 600) (i32.const 3) (local.get $query) (local.get $queryLength)
         (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 256))
       (global.set $inside (i32.const 0))
       ${answer("(i32.load8_u (i32.const 256))")}`,
    )}
    ${on(
      "p",
      `(call $peer (local.get $query) (local.get $queryLength) (i32.const 610) (i32.const 15)
         (i32.const 630) (i32.const 13) (local.get $params) (local.get $paramsLength) (i32.const 128))
       (return (i32.const 128))`,
    )}
    (i32.store8 (i32.const 128) (i32.const 0))
    (i32.store (i32.const 132) (local.get $params))
    (i32.store (i32.const 136) (local.get $paramsLength))
    (i32.const 128)`,
};

/**
 * A plugin that does one precise thing, by the first letter of its query. A call that comes while another one
 * waits in the same instance traps.
 */
export const DO = {
  /** Answers with its parameters. */
  echo: "",
  /** Answers with how many calls the instance has taken, this one included. */
  count: "count",
  spin: "spin",
  /** Computes for a while, always the same. */
  run: "run",
  trap: "trap",
  /** Logs "it hurts" as an error, and traps. */
  lament: "lament",
  /** Recurses without end. */
  deepen: "deepen",
  /** Grows its memory until it is refused, and traps. */
  gorge: "gorge",
  /** Asks for a megabyte more, and answers whether it got it. */
  megabyte: "megabyte",
  /** Asks for the time. */
  now: "now",
} as const;

/*
 * Besides: a query that is a URL is fetched, and answered with 0 if that went well; and a query that is the
 * name of a plugin that begins with "p" is that plugin's to answer, with the parameters as its arguments. With
 * a `url` in its settings it fetches that when it is initialised.
 */

let built: Promise<Uint8Array> | undefined;

/** The component, which is made once. */
export function obedientPlugin(): Promise<Uint8Array> {
  return (built ??= buildWat(PARTS));
}
