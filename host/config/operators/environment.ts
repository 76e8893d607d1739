import { quote } from "../../core/error-codes.ts";
import type { JsonValue } from "../json-value.ts";
import { parseNumber } from "../parse-number.ts";
import { Refusal } from "../refusal.ts";
import { isSecretName } from "../scrub.ts";
import type { Operator, OperatorCall } from "./operator.ts";

const withDefault = (usage: string): Operator => ({
  least: 1,
  most: 2,
  usage,
  async run(call) {
    const name = await call.text(0);
    const text = lookUp(call, name);
    if (isSecretName(name) && text !== undefined) call.world.secrets.add(text);
    const fallback = call.count > 1 ? await call.value(1) : null;
    return text === undefined ? fallback : likeDefault(name, text, fallback);
  },
});

/** Variables of the environment. One that stands for a number or a truth by its default is read as such. */
export const ENVIRONMENT_OPERATORS: Readonly<Record<string, Operator>> = {
  env: withDefault('@env("NAME", default)'),
  "env.get": withDefault('@env.get("NAME", default)'),
  "env.required": {
    least: 1,
    most: 1,
    usage: '@env.required("NAME")',
    run: (call) => required(call),
  },
  "env.secure": {
    least: 1,
    most: 1,
    usage: '@env.secure("NAME")',
    async run(call) {
      const text = await required(call);
      call.world.secrets.add(text);
      return text;
    },
  },
};

async function required(call: OperatorCall): Promise<string> {
  const name = await call.text(0);
  const text = lookUp(call, name);
  if (text === undefined) throw new Refusal(`The environment has no ${quote(name)}. Set it.`);
  if (text === "") throw new Refusal(`${quote(name)} is empty in the environment. Set it.`);
  if (isSecretName(name)) call.world.secrets.add(text);
  return text;
}

function lookUp({ world }: OperatorCall, name: string): string | undefined {
  return Object.hasOwn(world.env, name) ? world.env[name] : undefined;
}

const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["no", false],
  ["off", false],
]);

function likeDefault(name: string, text: string, fallback: JsonValue): JsonValue {
  if (typeof fallback !== "number" && typeof fallback !== "boolean") return text;
  const isNumber = typeof fallback === "number";
  const value = isNumber ? numberOf(text) : TRUTHS.get(text.toLowerCase());
  if (value !== undefined) return value;
  throw new Refusal(
    `${quote(name)} in the environment should be ${isNumber ? "a number" : "true or false"}, as its default is.`,
  );
}

function numberOf(text: string): number | undefined {
  return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? parseNumber(text) : undefined;
}
