import { enumMembersName } from "./enum-members.ts";
import { GeneratedText } from "./generated-text.ts";
import type { JsonClass, JsonField } from "./json-class.ts";
import { switchOnText, writeText } from "./key-bytes.ts";
import {
  type ClassDeclaration,
  type NamedType,
  NodeKind,
  textOf,
  type TypeName,
  type TypeNode,
} from "./syntax.ts";

/**
 * Writes the methods by which objects of a class are read and written, as a class of the same name with nothing else.
 *
 * `__jsonRead` reads the field whose key stands at an address and tells whether there is one; `__jsonUnknown` does
 * what is to be done with a key that no field has; `__jsonMissing` fails if a required field has not been there;
 * `__jsonWrite` writes all fields with their keys, and `__jsonCount` says how many those are.
 */
export function writeClass(json: JsonClass): GeneratedText {
  const { declaration, name, fields } = json;
  const { range } = declaration.name;
  const text = new GeneratedText().add(`class ${name}${typeParametersOf(declaration)}`, range);
  text.add(declaration.extendsType ? ` extends ${textOf(declaration.extendsType)} {\n` : " {\n", range);
  writeReading(json, text);
  writeMissing(json, text);
  text.add(
    `__jsonWrite(writer: __JsonWriter): void { ${inherited(declaration, "__jsonWrite(writer);")}\n`,
    range,
  );
  for (const field of fields)
    text.add(`${writeText(field.key)}; ${writing(field, declaration)}\n`, field.type.range);
  text.add(`}\n__jsonCount(): i32 { return ${fields.length} + ${baseCount(declaration)}; }\n`, range);
  const keys = fields.map(({ key }) => JSON.stringify(key)).join(", ");
  const before = `isDefined(super.__jsonKeys) ? super.__jsonKeys() + ", " : ""`;
  text.add(
    `__jsonKeys(): string { return (${declaration.extendsType ? before : '""'}) + ${JSON.stringify(keys)}; }\n`,
    range,
  );
  const unknown =
    json.unknown === "ignore" ? "reader.skip()" : "reader.unknown(at, length, this.__jsonKeys())";
  text.add(`__jsonUnknown(reader: __JsonReader, at: usize, length: usize): void { ${unknown}; }\n}`, range);
  return text;
}

function writeReading({ declaration, fields }: JsonClass, text: GeneratedText): void {
  const { range } = declaration.name;
  const otherwise = declaration.extendsType
    ? "isDefined(super.__jsonRead) ? super.__jsonRead(reader, at, length) : false"
    : "false";
  text.add("__jsonRead(reader: __JsonReader, at: usize, length: usize): bool { ", range);
  for (const part of switchOnText(fields.map(({ key }) => key))) {
    const field = typeof part === "number" ? fields[part] : undefined;
    if (!field) text.add(String(part), range);
    else {
      const first = `reader.first(${part} + ${baseCount(declaration)})`;
      text.add(` if (${first}) { ${reading(field, declaration)} } return true; `, field.type.range);
    }
  }
  text.add(` return ${otherwise}; }\n`, range);
}

function writeMissing({ declaration, fields }: JsonClass, text: GeneratedText): void {
  const { range } = declaration.name;
  text.add(
    `__jsonMissing(reader: __JsonReader): void { ${inherited(declaration, "__jsonMissing(reader);")}\n`,
    range,
  );
  fields.forEach((field, i) => {
    if (!field.required) return;
    const lacks = withMembers(
      field,
      declaration,
      (types) => `reader.lacks<${types}>(${JSON.stringify(field.key)})`,
    );
    text.add(`if (!reader.has(${i} + ${baseCount(declaration)})) return ${lacks};\n`, field.type.range);
  });
  text.add("}\n", range);
}

/** A statement that does the same for the fields of the class that this one extends. */
function inherited({ extendsType }: ClassDeclaration, call: string): string {
  const name = call.replace(/\(.*/, "");
  return extendsType ? `if (isDefined(super.${name})) super.${call}` : "";
}

/** How many fields the class has that this one extends; theirs are counted first. */
function baseCount({ extendsType }: ClassDeclaration): string {
  return extendsType ? "(isDefined(super.__jsonCount) ? super.__jsonCount() : 0)" : "0";
}

function reading(field: JsonField, owner: ClassDeclaration): string {
  const { name } = field;
  const type = textOf(field.type);
  const read = withMembers(field, owner, (types) => `reader.read<${types}>()`);
  if (!field.readonly) return `this.${name} = ${read};`;
  const link = `if (isManaged<${type}>()) __link(changetype<usize>(this), changetype<usize>(value), false);`;
  return `const value: ${type} = ${read}; store<${type}>(changetype<usize>(this), value, offsetof<this>(${JSON.stringify(name)})); ${link}`;
}

function writing(field: JsonField, owner: ClassDeclaration): string {
  return `${withMembers(field, owner, (types) => `writer.write<${types}>(this.${field.name})`)};`;
}

/**
 * An expression with the field's type. Where that may have an enum in it, the compiler decides whether the class of the
 * enum's members goes with it: for the compiler alone knows what a name means.
 */
function withMembers(
  { type, as }: JsonField,
  owner: ClassDeclaration,
  expression: (types: string) => string,
): string {
  const text = textOf(type);
  const innermost = innermostName(type);
  const isParameter = owner.typeParameters?.some(({ name }) => name.text === innermost) ?? false;
  if (innermost === undefined || isParameter || BUILT_IN.test(innermost)) return expression(text);
  const members = `${innermost}.${enumMembersName(as)}`;
  return `(isDefined(${members}) ? ${expression(`${text}, ${members}`)} : ${expression(text)})`;
}

const BUILT_IN = /^(bool|[iu](8|16|32|64|size)|f32|f64|string|String|JsonValue|Uint8Array|ArrayBuffer)$/;

/** The name of what arrays and maps of arrays and maps are of in the end. */
function innermostName(type: TypeNode): string | undefined {
  if (type.kind !== NodeKind.NamedType) return undefined;
  const { name, typeArguments } = type as NamedType;
  const { text } = name.identifier;
  const inner = text === "Array" || text === "Map" ? typeArguments?.at(-1) : undefined;
  if (inner) return innermostName(inner);
  return typeArguments?.length ? undefined : dotted(name);
}

function dotted({ identifier, next }: TypeName): string {
  return next ? `${identifier.text}.${dotted(next)}` : identifier.text;
}

function typeParametersOf({ typeParameters }: ClassDeclaration): string {
  return typeParameters?.length ? `<${typeParameters.map(textOf).join(", ")}>` : "";
}
