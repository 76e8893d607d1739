import { encode } from "./plain-services.ts";

/** The cases of the contract's error. */
export const CASES = [
  "invalid-input",
  "not-found",
  "conflict",
  "denied",
  "limit-exceeded",
  "timeout",
  "unavailable",
  "unsupported",
  "internal",
];

export const ADA = { id: 1, name: "ada", roles: ["admin", "author"], claims: encode({ born: 1815 }) };

export const REQUEST = {
  id: "request-1",
  method: "POST",
  path: "/echo/🦣",
  params: [{ name: "id", value: "🦣" }],
  query: [
    { name: "a", value: "1" },
    { name: "a", value: "2" },
  ],
  headers: [{ name: "accept", value: "*/*" }],
  body: new Uint8Array(),
  user: ADA,
};

/** Arrays of everything that a value can be. */
export const VALUES: readonly (readonly unknown[])[] = [
  [],
  [null, true, false],
  ["", "🦣", "\0", "é\u0301", "x".repeat(100_000)],
  [0, -1, 2 ** 31, Number.MAX_SAFE_INTEGER, 2n ** 64n - 1n, -(2n ** 63n), 2n ** 63n],
  [0.1, -0.5, 1e300, Number.MIN_VALUE],
  [[], [[]], {}, { a: {} }],
  [{ z: 1, a: { "ключ 🦣": [null] }, "": 0 }],
  [new Uint8Array([0, 255]), new Uint8Array()],
  nested(126),
];

/** An array around an array around … an object, so many of them. */
function nested(depth: number): unknown[] {
  let value: unknown[] = [{ deep: true }];
  for (let i = 2; i < depth; i++) value = [value];
  return value;
}
