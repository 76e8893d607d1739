import { pick, type Random } from "./random.ts";

const FUNCTIONS = 4;

/** Rounds of loops and calls that a program takes: so few that it never runs out of stack. */
export const MAX_STEPS = 1000;

/**
 * A module that wanders through blocks, loops, branches, calls and exceptions, and exports `run`, and as globals
 * `trace`, which tells where it has been, and `steps`. It traps after `MAX_STEPS`, if not before.
 */
export function randomProgram(random: Random): string {
  const text = programText(random);
  // A module has exceptions in the old form or in the new one.
  return random(2) === 0
    ? text
        .replace(/<try (\S+)>/g, "try $1")
        .replaceAll("<catch>", "catch_all")
        .replaceAll("<end>", "end")
    : text.replace(/<try (\S+)>/g, "(block $1 (try_table (catch_all $1)").replace(/<catch>|<end>/g, ")");
}

function programText(random: Random): string {
  const functions = Array.from({ length: FUNCTIONS }, (_, i) => {
    const labels = [`$f${i}`];
    return `(func $f${i} (block $f${i} ${STEP} ${statements(random, labels, 4)}))`;
  });
  return `
    (global $trace (export "trace") (mut i32) (i32.const 0))
    (global $steps (export "steps") (mut i32) (i32.const 0))
    (global $seed (mut i32) (i32.const ${random(1 << 30)}))
    (tag $thrown)
    (func $chance (result i32)
      (global.set $seed (i32.add (i32.mul (global.get $seed) (i32.const 1664525)) (i32.const 1013904223)))
      (i32.shr_u (global.get $seed) (i32.const 28)))
    ${functions.join("\n")}
    (func (export "run") (call $f0))`;
}

// Where there is a call the planner treats a loop otherwise, so most chances are taken without one.
const CHANCE = `(i32.shr_u (global.get $seed) (i32.const 28))`;
const SHUFFLE = `(global.set $seed (i32.add (i32.mul (global.get $seed) (i32.const 1664525)) (i32.const 1013904223)))`;
const STEP = `(global.set $steps (i32.add (global.get $steps) (i32.const 1)))
  (if (i32.gt_u (global.get $steps) (i32.const ${MAX_STEPS})) (then (unreachable)))`;

function statements(random: Random, labels: readonly string[], depth: number): string {
  return Array.from({ length: 1 + random(4) }, () => statement(random, labels, depth)).join("\n");
}

function statement(random: Random, labels: readonly string[], depth: number): string {
  const makers = depth > 0 ? [...LEAVES, ...NESTS, ...NESTS] : LEAVES;
  return pick(makers, random)(random, labels, depth);
}

type Maker = (random: Random, labels: readonly string[], depth: number) => string;

const condition = (random: Random): string => `(i32.lt_u ${CHANCE} (i32.const ${random(17)}))`;

const note: Maker = (random) => `
  (global.set $trace (i32.add (i32.mul (global.get $trace) (i32.const 31)) (i32.const ${random(1000)}))) ${SHUFFLE}`;

const throwing = (random: Random): string =>
  `(if (i32.eqz ${CHANCE}) (then (throw $thrown)))`.repeat(random(2));

const LEAVES: readonly Maker[] = [
  note,
  note,
  (random) => "nop ".repeat(random(40)),
  (random, labels) => `(br_if ${pick(labels, random)} ${condition(random)})`,
  (random, labels) => `(if ${condition(random)} (then (br ${pick(labels, random)})))`,
  (
    random,
    labels,
  ) => `(if ${condition(random)} (then (br_table ${pick(labels, random)} ${pick(labels, random)}
    ${pick(labels, random)} ${CHANCE})))`,
  (random) => `(if ${condition(random)} (then (return)))`,
  (random) => `(call $f${random(FUNCTIONS)})`,
  () => `(drop (call $chance))`,
  throwing,
];

const nested =
  (make: (label: string, inside: (also?: readonly string[]) => string, random: Random) => string): Maker =>
  (random, labels, depth) => {
    const label = `$l${labels.length}`;
    return make(label, (also = [label]) => statements(random, [...labels, ...also], depth - 1), random);
  };

const NESTS: readonly Maker[] = [
  nested((label, inside) => `(block ${label} ${inside()})`),
  nested(
    (label, inside, random) => `(loop ${label} ${STEP} ${inside()} (br_if ${label} ${condition(random)}))`,
  ),
  nested(
    (label, inside, random) => `<try ${label}> ${inside()} <catch> ${inside()} ${throwing(random)} <end>`,
  ),
];
