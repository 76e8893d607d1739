import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HostError } from "../../../host/core/error.ts";
import { parseDependency } from "../../../host/config/dependency.ts";
import { renderDot } from "../../../host/config/render-dot.ts";
import { renderMermaid } from "../../../host/config/render-mermaid.ts";
import { renderTree } from "../../../host/config/render-tree.ts";
import { resolveLoadOrder, type LoadOrderInput } from "../../../host/config/resolve-load-order.ts";

const LAST = 2 ** 32 - 1;

/** `{ a: "b c? 2" }`: a depends on b, on c if it is there, and has the load order 2; a leading ! disables it. */
function plugins(written: Readonly<Record<string, string>>): Record<string, LoadOrderInput> {
  return Object.fromEntries(
    Object.entries(written).map(([name, text]) => {
      const words = text.split(" ").filter((word) => word !== "");
      const loadOrder = Number(words.find((word) => /^\d+$/.test(word)) ?? LAST);
      const dependencies = words
        .filter((word) => !/^[!\d]/.test(word))
        .map((word) => parseDependency(word))
        .filter((dependency) => typeof dependency !== "string");
      return [name, { enabled: !words.includes("!"), loadOrder, dependencies }] as const;
    }),
  );
}

function orderOf(written: Readonly<Record<string, string>>): string {
  return resolveLoadOrder(plugins(written)).order.join(" ");
}

function refusalOf(written: Readonly<Record<string, string>>): HostError {
  try {
    resolveLoadOrder(plugins(written));
  } catch (error) {
    if (HostError.is(error)) return error;
    throw error;
  }
  return assert.fail("nothing was refused");
}

test("dependencies go first, then the lowest load order, then the name", () => {
  assert.equal(orderOf({ plugin_a: "plugin_b 2", plugin_b: "1" }), "plugin_b plugin_a");
  assert.equal(orderOf({ a: "b 1", b: "2" }), "b a");
  assert.equal(orderOf({ c: "", b: "", a: "" }), "a b c");
  assert.equal(orderOf({ c: "1", b: "2", a: "" }), "c b a");
  assert.equal(orderOf({ a: "z 1", m: "5", z: "9" }), "m z a");
  assert.equal(orderOf({ a: "a1 a2", a1: "z", a2: "z", z: "" }), "z a1 a2 a");
});

test("a disabled plugin is nowhere in the order, and an optional one that is not there is not missed", () => {
  assert.equal(orderOf({ a: "b? c?", b: "!", d: "e?", e: "" }), "a e d");
});

test("plugins that wait for the same start side by side", () => {
  const { stages, dependencies, dependents } = resolveLoadOrder(
    plugins({ postgres: "1", api: "postgres 2", auth: "postgres 3", admin: "api auth", cron: "mail?" }),
  );
  assert.deepEqual(stages, [["postgres", "cron"], ["api", "auth"], ["admin"]]);
  assert.deepEqual(dependencies.get("admin"), ["api", "auth"]);
  assert.deepEqual(dependents.get("postgres"), ["api", "auth"]);
  assert.deepEqual(dependents.get("admin"), []);
});

test("a circle is named whole", () => {
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{ a: "a" }, "a → a"],
    [{ a: "b", b: "a" }, "a → b → a"],
    [{ a: "b", b: "c", c: "d?", d: "b" }, "b → c → d → b"],
    [{ x: "", a: "x b", b: "c", c: "a" }, "a → b → c → a"],
  ];
  for (const [written, cycle] of cases) {
    const error = refusalOf(written);
    assert.ok(HostError.is(error, "DEPENDENCY_CYCLE"));
    assert.equal(error.details.cycle.join(" → "), cycle);
    assert.ok(error.message.includes(cycle));
  }
});

test("what is missing or disabled is named with all who want it", () => {
  const error = refusalOf({ a: "postgrse c", b: "postgrse c", c: "!", postgres: "" });
  assert.ok(HostError.is(error, "DEPENDENCY_UNAVAILABLE"));
  assert.deepEqual(error.details.missing, [
    { name: "postgrse", state: "missing", wantedBy: ["a", "b"] },
    { name: "c", state: "disabled", wantedBy: ["a", "b"] },
  ]);
  assert.match(error.message, /"postgrse" is not there, and needed by "a", "b"\. Did you mean "postgres"\?/);
  assert.match(error.message, /"c" is disabled, and needed by "a", "b"\. Enable it/);
});

test("no name is one that all objects have", () => {
  const error = refusalOf({ a: "toString" });
  assert.ok(HostError.is(error, "DEPENDENCY_UNAVAILABLE"));
});

const graph = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc.array(
    fc.record({
      enabled: fc.boolean().map((flag) => flag || count % 3 > 0),
      loadOrder: fc.integer({ min: 0, max: 3 }),
      dependencies: fc.array(
        fc.record({
          name: fc.integer({ min: 0, max: count }).map((i) => `p${i}`),
          range: fc.constant(undefined),
          optional: fc.boolean(),
        }),
        { maxLength: 2 },
      ),
    }),
    { minLength: count, maxLength: count },
  ),
);

test("in any graph the order respects every edge, or the circle that is named is one, or what is missing is", () => {
  fc.assert(
    fc.property(graph, (nodes) => {
      const all = Object.fromEntries(nodes.map((node, i) => [`p${i}`, node]));
      const edgesOf = (from: string, to: string) =>
        all[from]?.dependencies.filter(({ name }) => name === to) ?? [];
      try {
        const { order, stages } = resolveLoadOrder(all);
        const enabled = Object.keys(all).filter((name) => all[name]?.enabled);
        assert.deepEqual(order.toSorted(), enabled.toSorted());
        assert.deepEqual(stages.flat().toSorted(), enabled.toSorted());
        const stageOf = (name: string) => stages.findIndex((stage) => stage.includes(name));
        for (const name of enabled) {
          for (const dependency of all[name]?.dependencies ?? []) {
            if (!all[dependency.name]?.enabled) assert.ok(dependency.optional);
            else {
              assert.ok(order.indexOf(dependency.name) < order.indexOf(name));
              assert.ok(stageOf(dependency.name) < stageOf(name));
            }
          }
        }
      } catch (error) {
        if (HostError.is(error, "DEPENDENCY_CYCLE")) {
          const { cycle } = error.details;
          assert.ok(cycle.length > 1);
          assert.equal(cycle[0], cycle.at(-1));
          assert.equal(new Set(cycle).size, cycle.length - 1);
          for (const [i, name] of cycle.slice(1).entries()) {
            assert.ok(edgesOf(cycle[i] ?? "", name).length > 0);
            assert.ok(all[name]?.enabled);
          }
        } else if (HostError.is(error, "DEPENDENCY_UNAVAILABLE")) {
          for (const { name, wantedBy } of error.details.missing) {
            assert.ok(!all[name]?.enabled);
            for (const wanting of wantedBy)
              assert.ok(edgesOf(wanting, name).some(({ optional }) => !optional));
          }
        } else throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

test("a long chain and a wide fan are put in order without much ado", () => {
  const count = 5000;
  const chain = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`p${i}`, i === 0 ? "" : `p${i - 1}`]),
  );
  assert.equal(resolveLoadOrder(plugins(chain)).stages.length, count);
  const fan = Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, i === 0 ? "" : "p0"]));
  assert.equal(resolveLoadOrder(plugins(fan)).stages.length, 2);
});

const SOME = { postgres: "1", api: "postgres 2", auth: "postgres 3", admin: "api auth", cron: "" };

test("the tree shows each plugin once, below the last that it waits for, with the time that it took", () => {
  const loadOrder = resolveLoadOrder(plugins(SOME));
  const startMs = new Map([
    ["postgres", 30.4],
    ["auth", 7],
  ]);
  assert.equal(
    renderTree(loadOrder, startMs),
    `1. postgres  30 ms
├─ 2. api
└─ 3. auth  7 ms
   └─ 4. admin  (and after api)
5. cron
`,
  );
});

test("the graph is drawn for Graphviz and for Mermaid", () => {
  const loadOrder = resolveLoadOrder(plugins({ end: "postgres", postgres: "" }));
  assert.equal(
    renderDot(loadOrder),
    `digraph plugins {
  rankdir=LR;
  node [shape=box];
  "postgres";
  "end";
  "end" -> "postgres";
}
`,
  );
  assert.equal(
    renderMermaid(loadOrder),
    `graph LR
  p1["postgres"]
  p2["end"]
  p2 --> p1
`,
  );
});

test("a name that is odd does not break out of a drawing", () => {
  const loadOrder = resolveLoadOrder(plugins({ 'a"]\\; b': "" }));
  assert.ok(renderDot(loadOrder).includes(String.raw`  "a\"]\\; b";`));
  assert.ok(renderMermaid(loadOrder).includes('p1["a#34;#93;#92;#59; b"]'));
});
