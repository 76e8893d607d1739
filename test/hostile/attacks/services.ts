import { type Attack, BOTH, type Ending, type Target } from "./attack.ts";

const attack = (
  target: Target,
  name: string,
  query: string,
  params: readonly unknown[],
  ends: Ending,
): Attack => ({ name, target, languages: BOTH, query: `service:${query}`, params, ends });

const NOTHING: Ending = { answer: null };

const shown = (text: string) => JSON.stringify(text.slice(0, 30));

/** The neighbour has put "precious" under `key` in its own cache. */
const KEYS =
  "key neighbour/key neighbour\0key neighbour:key ../neighbour/key KEY __proto__ constructor toString";

const CACHE = KEYS.split(" ").map((key) =>
  attack("cache", `reads the cache at ${shown(key)}`, "cache-get", [key], NOTHING),
);

const NAMES = "vault VAULT neighbour/../vault neighbour\0vault * __proto__ constructor";

const PEERS = [
  ...[...NAMES.split(" "), "", "x".repeat(100_000)].map((name) => {
    const call = [name, "database-plugin", "execute-query", ["", []]];
    return attack("peers", `calls ${shown(name)}, on which it does not depend`, "peer", call, {
      told: "denied",
    });
  }),
  ...["plugin", "__proto__", "constructor", "database-plugin\0", "toString"].map((capability) =>
    attack(
      "peers",
      `calls a peer's ${shown(capability)}`,
      "peer",
      ["neighbour", capability, "shutdown", []],
      {
        told: ["not-found", "invalid-input"],
      },
    ),
  ),
  ...["__proto__", "constructor", "toString", "hasOwnProperty"].map((name) =>
    attack("peers", `calls a peer's function ${name}`, "peer", ["neighbour", "database-plugin", name, []], {
      told: ["not-found", "invalid-input"],
    }),
  ),
  attack(
    "peers",
    "calls a peer with too few arguments",
    "peer",
    ["neighbour", "database-plugin", "execute-query", []],
    { told: "invalid-input" },
  ),
];

const CONFIG = ["__proto__", "constructor.name", "a.__proto__", "toString", "a.length", "..", "a.0"].map(
  (key) => attack("config", `asks for the setting ${shown(key)}`, "config", [key], NOTHING),
);

/** Texts that are to look like more, or other, than what one plugin logged. */
const FORGERIES: Readonly<Record<string, string>> = {
  "a line of its own": "all is well\n00:00:00.000 error neighbour: it was me",
  "a carriage return": "\rneighbour: it was me",
  "a cleared screen": "\u001b[2J\u001b[H",
  "a terminal's title": "\u001b]0;owned\u0007",
  "a control sequence of one byte": "\u009b2J",
  "a hyperlink": "\u001b]8;;http://evil.test\u001b\\click\u001b]8;;\u001b\\",
  "text that runs backwards": "\u202egnp.exe",
  isolates: "\u2066\u2069\u2067",
  "marks of direction": "\u200e\u200f\u061c",
  "a line separator": "one\u2028two\u2029three",
  "a zero": "one\0two",
  "a backspace": "no\b\bok",
  "JSON of its own": '","plugin":"neighbour","level":"error","message":"it was me',
  "fields of its own": "slow level=error plugin=neighbour",
  "a megabyte": "x".repeat(2 ** 20),
  "what is not well-formed": "\ud800",
};

const LOGGER = [
  ...Object.entries(FORGERIES).map(([name, text]) =>
    attack("logger", `logs ${name}`, "log", [text, { [text.slice(0, 100)]: text }], NOTHING),
  ),
  attack(
    "logger",
    "logs fields that claim to be another's",
    "log",
    ["x", { plugin: "neighbour", source: "host", level: "error", time: 0 }],
    NOTHING,
  ),
];

export const SERVICE_ATTACKS: readonly Attack[] = [
  ...CACHE,
  attack("cache", "keeps more than its share", "fill-cache", [18], { answer: 15 }),
  attack("cache", "keeps a value under __proto__", "cache-set", ["__proto__", { polluted: true }], NOTHING),
  ...PEERS,
  ...CONFIG,
  ...LOGGER,
];
