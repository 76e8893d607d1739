import { quote } from "../../core/error-codes.ts";
import { isJsonObject, type JsonValue } from "../json-value.ts";
import { Refusal } from "../refusal.ts";
import { isSecretName } from "../scrub.ts";
import type { Operator } from "./operator.ts";

/** `@name.tsk.get("key.key", default)`: a value of another `.tsk` file in the same folder. */
export const CROSS_FILE_OPERATOR: Operator = {
  least: 1,
  most: 2,
  usage: '@name.tsk.get("section.key", default)',
  async run(call) {
    const file = call.name.replace(/\.get$/, "");
    const key = await call.text(0);
    const value = valueAt(await call.world.readTsk(file), key);
    if (value === undefined) {
      if (call.count > 1) return call.value(1);
      throw new Refusal(`${quote(file)} has no ${quote(key)}.`);
    }
    if (isSecretName(file) && typeof value === "string") call.world.secrets.add(value);
    return value;
  },
};

function valueAt(object: JsonValue, key: string): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const step of key.split(".")) {
    value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}
