import { NAMINGS, type Naming } from "./naming.ts";
import {
  type Declaration,
  type Decorator,
  type DiagnosticEmitter,
  type Identifier,
  NodeKind,
  type ObjectLiteral,
  type PropertyAccess,
  type StringLiteral,
  type SyntaxNode,
} from "./syntax.ts";
import { report } from "./report.ts";

/** What `@json` says of a class. */
export interface ClassOptions {
  /** How the names of its fields stand in JSON. */
  readonly names: Naming;
  /** What becomes of keys that no field has. */
  readonly unknown: "ignore" | "refuse";
}

/** How the members of an enum stand in JSON. */
export type EnumForm = Naming | "number";

/** What `@json.…` says of a field. */
export interface FieldOptions {
  readonly skip: boolean;
  readonly optional: boolean;
  readonly name?: string;
  readonly as?: EnumForm;
}

const CLASS_OPTIONS = { names: NAMINGS, unknown: ["ignore", "refuse"] } as const;
const ENUM_FORMS = [...NAMINGS, "number"] as const;

/** What the decorator `@json` of a declaration says, or nothing if it has none. */
export function readClassOptions(
  { decorators }: Declaration,
  emitter: DiagnosticEmitter,
): ClassOptions | undefined {
  const decorator = decorators?.find(({ name }) => name.kind === NodeKind.Identifier && textIs(name, "json"));
  if (!decorator) return undefined;
  const options: Record<string, string> = { names: "as written", unknown: "ignore" };
  for (const [key, value, node] of members(decorator)) {
    const allowed = key in CLASS_OPTIONS ? CLASS_OPTIONS[key as keyof ClassOptions] : undefined;
    if (allowed?.some((one) => one === value)) options[key] = value ?? "";
    else
      report(emitter, node.range, `@json takes { names: ${list(NAMINGS)}, unknown: "ignore" or "refuse" }.`);
  }
  return options as unknown as ClassOptions;
}

/** What the decorators `@json.…` of a field say. */
export function readFieldOptions(field: Declaration, emitter: DiagnosticEmitter): FieldOptions {
  const options: { -readonly [Key in keyof FieldOptions]: FieldOptions[Key] } = {
    skip: false,
    optional: false,
  };
  for (const decorator of fieldDecorators(field)) {
    const which = (decorator.name as PropertyAccess).property.text;
    const argument = stringOf(decorator.args?.[0]);
    const count = decorator.args?.length ?? 0;
    if ((which === "skip" || which === "optional") && count === 0) options[which] = true;
    else if (which === "name" && count === 1 && argument !== undefined) options.name = argument;
    else if (which === "as" && count === 1 && ENUM_FORMS.some((form) => form === argument))
      options.as = argument as EnumForm;
    else
      report(
        emitter,
        decorator.range,
        `There is no such decorator of a field. There are @json.name("…"), @json.optional, @json.skip, and for enums @json.as(${list(ENUM_FORMS)}).`,
      );
  }
  return options;
}

/** The decorators of a declaration that begin with `@json.`. */
export function fieldDecorators({ decorators }: Declaration): readonly Decorator[] {
  return decorators?.filter(isFieldDecorator) ?? [];
}

function isFieldDecorator({ name }: Decorator): boolean {
  return name.kind === NodeKind.PropertyAccess && textIs((name as PropertyAccess).expression, "json");
}

/** What stands in the braces of `@json({ … })`; anything else is a member without a name. */
function members({ args }: Decorator): [key: string, value: string | undefined, node: SyntaxNode][] {
  return (args ?? []).flatMap((node): [string, string | undefined, SyntaxNode][] => {
    if (!("names" in node)) return [["", undefined, node]];
    const { names, values } = node as ObjectLiteral;
    return names.map((name, i) => [name.text, stringOf(values[i]), name]);
  });
}

function stringOf(node: SyntaxNode | undefined): string | undefined {
  const { value } = (node ?? {}) as Partial<StringLiteral>;
  return typeof value === "string" ? value : undefined;
}

function textIs(node: SyntaxNode, text: string): boolean {
  return node.kind === NodeKind.Identifier && (node as Identifier).text === text;
}

function list(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(" or ");
}
