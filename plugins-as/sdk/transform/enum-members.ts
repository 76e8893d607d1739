import type { EnumForm } from "./decorators.ts";
import { GeneratedText } from "./generated-text.ts";
import { switchOnText, writeText } from "./key-bytes.ts";
import { named, type Naming, NAMINGS } from "./naming.ts";
import { CommonFlags, type EnumDeclaration } from "./syntax.ts";

/** The name of the class, inside an enum, by which its members are read and written in a form. */
export function enumMembersName(form: EnumForm): string {
  return `__Json_${form.replaceAll(/[ -]/g, "_")}`;
}

/**
 * Writes those classes, for every form, as a namespace that the compiler merges with the enum. Those that nobody uses
 * are not compiled.
 */
export function writeEnumMembers(declaration: EnumDeclaration): GeneratedText {
  const name = declaration.name.text;
  const exported = (declaration.flags & CommonFlags.Export) === 0 ? "" : "export ";
  const members = declaration.values.map((value) => value.name.text);
  const classes = NAMINGS.map((naming) => namesClass(name, members, naming));
  const body = [...classes, numbersClass(name, members)].join("\n");
  return new GeneratedText().add(`${exported}namespace ${name} {\n${body}\n}`, declaration.name.range);
}

function namesClass(name: string, members: readonly string[], naming: Naming): string {
  const texts = members.map((member) => [named(member, naming), member] as const);
  const cases = [...switchOnText(texts.map(([text]) => text))];
  const found = cases.map((part) => (typeof part === "number" ? ` return ${name}.${members[part]}; ` : part));
  const writes = texts.map(([text, member]) => `if (value == ${name}.${member}) return ${writeText(text)};`);
  const expected = orList(texts.map(([text]) => JSON.stringify(text)));
  return `export class ${enumMembersName(naming)} {
    read(reader: __JsonReader): i32 {
      const start = reader.at;
      if (reader.takeWord()) { const at = reader.keyAt; const length = reader.keyLength; ${found.join("")} }
      reader.expected(this.expectation(), start);
      return 0;
    }
    write(writer: __JsonWriter, value: i32): void { ${writes.join(" ")} ${refusal(name)} }
    expectation(): string { return ${JSON.stringify(expected)}; }
  }`;
}

function numbersClass(name: string, members: readonly string[]): string {
  const isMember = members.map((member) => `value == ${name}.${member}`).join(" || ");
  const expected = orList(members.map((member) => `\${${name}.${member}}`));
  return `export class ${enumMembersName("number")} {
    read(reader: __JsonReader): i32 {
      const start = reader.at;
      const value = reader.read<i32>();
      if (!reader.failed && !(${isMember})) reader.expected(this.expectation(), start);
      return value;
    }
    write(writer: __JsonWriter, value: i32): void { if (${isMember}) return writer.write<i32>(value); ${refusal(name)} }
    expectation(): string { return \`${expected}\`; }
  }`;
}

function refusal(name: string): string {
  return `throw new Error(\`\${value} is no member of ${name}\`);`;
}

function orList(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(" or ");
}
