import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";
import { SETTINGS_SCHEMA } from "./settings-schema.ts";

/** The JSON Schema (draft 7, which editors know) of a settings file: what `settings.schema.json` holds. */
export function createJsonSchema(): JsonObject {
  const { host, pluginSettings } = SETTINGS_SCHEMA;
  const map = z.object({ $schema: z.string().optional() }).catchall(pluginSettings);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Settings of tusk-host",
    if: { required: ["plugins"] },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: formOf(host),
    else: formOf(map),
    definitions: allowOperators(toJsonSchema(host)["definitions"] ?? {}),
  };
}

/** Without what is the same for both forms. */
function formOf(schema: z.ZodType): JsonValue {
  const members = Object.entries(toJsonSchema(schema));
  return allowOperators(
    Object.fromEntries(members.filter(([key]) => key !== "$schema" && key !== "definitions")),
  );
}

function toJsonSchema(schema: z.ZodType): JsonObject {
  return z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      // What a text may stand for has its default left out.
      const { default: written } = z.globalRegistry.get(zodSchema) ?? {};
      if (written !== undefined) jsonSchema.default = written as JsonValue;
    },
  }) as JsonObject;
}

const OPERATOR = { type: "string", pattern: "^@" };

/** Lets an operator (`"@env('PORT', 8080)"`) stand wherever a number, a truth or a word is a setting. */
function allowOperators(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(allowOperators);
  if (!isJsonObject(schema)) return schema;
  const members = Object.entries(schema).map(([key, member]) => {
    const isShape = key === "properties" && isJsonObject(member);
    return [
      key,
      isShape ? mapValues(member, (setting) => allowOperators(orOperator(setting))) : allowOperators(member),
    ];
  });
  return Object.fromEntries(members) as JsonObject;
}

function orOperator(setting: JsonValue): JsonValue {
  if (!isJsonObject(setting)) return setting;
  const isSimple =
    setting["type"] === "integer" || setting["type"] === "boolean" || setting["enum"] !== undefined;
  if (!isSimple) return setting;
  const { description, default: written, ...rule } = setting;
  return {
    ...(description === undefined ? {} : { description }),
    ...(written === undefined ? {} : { default: written }),
    anyOf: [rule, OPERATOR],
  };
}

function mapValues(object: JsonObject, map: (value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
