import { type ClassOptions, type EnumForm, readFieldOptions } from "./decorators.ts";
import { named } from "./naming.ts";
import { report } from "./report.ts";
import {
  type ClassDeclaration,
  CommonFlags,
  type Declaration,
  type DiagnosticEmitter,
  type FieldDeclaration,
  type MethodDeclaration,
  type NamedType,
  NodeKind,
  type TypeNode,
} from "./syntax.ts";

/** A class that is `@json`. */
export interface JsonClass {
  readonly declaration: ClassDeclaration;
  readonly name: string;
  readonly unknown: ClassOptions["unknown"];
  /** Its own, without those of the class that it extends. */
  readonly fields: readonly JsonField[];
}

/** A field that stands in JSON. */
export interface JsonField {
  readonly declaration: FieldDeclaration;
  readonly name: string;
  readonly type: TypeNode;
  /** Its name in JSON. */
  readonly key: string;
  /** Whether an object without it is refused. */
  readonly required: boolean;
  readonly readonly: boolean;
  readonly as: EnumForm;
}

/** Reads a class that is `@json`, and says what is wrong with it. */
export function readJsonClass(
  declaration: ClassDeclaration,
  options: ClassOptions,
  emitter: DiagnosticEmitter,
): JsonClass {
  const name = declaration.name.text;
  verifyConstructor(declaration, emitter);
  const fields = declaration.members
    .filter(isField)
    .flatMap((field) => readField(field, declaration, options, emitter) ?? []);
  const keys = new Set<string>();
  for (const { key, declaration: field } of fields) {
    if (keys.has(key)) {
      const twice = `class ${name}, field ${field.name.text}: another field is ${JSON.stringify(key)} in JSON, too. Give one of them another name with @json.name("…").`;
      report(emitter, field.name.range, twice);
    }
    keys.add(key);
  }
  return { declaration, name, unknown: options.unknown, fields };
}

/** Whether a member of a class is a field that objects have. */
export function isField(member: Declaration): member is FieldDeclaration {
  return member.kind === NodeKind.FieldDeclaration && (member.flags & CommonFlags.Static) === 0;
}

function readField(
  declaration: FieldDeclaration,
  owner: ClassDeclaration,
  options: ClassOptions,
  emitter: DiagnosticEmitter,
): JsonField | undefined {
  const name = declaration.name.text;
  const { skip, optional, name: key, as = "as written" } = readFieldOptions(declaration, emitter);
  const { type } = declaration;
  // Without a type it is the compiler that complains.
  if (skip || !type) return undefined;
  const defaults =
    declaration.initializer ?? constructorOf(owner)?.signature.parameters[declaration.parameterIndex];
  const required = !optional && !defaults && !type.isNullable;
  // It is assigned when an object is read, of which the compiler knows nothing.
  if (required && !isValueType(type)) declaration.flags |= CommonFlags.DefinitelyAssigned;
  if (optional && !defaults && !type.isNullable && !isValueType(type)) {
    const message = `class ${owner.name.text}, field ${name}: it is optional, and nothing says what it is where it is missing. Give it a default, or write "| null" after its type.`;
    report(emitter, declaration.name.range, message);
  }
  return {
    declaration,
    name,
    type,
    key: key ?? named(name, options.names),
    required,
    readonly: (declaration.flags & CommonFlags.Readonly) !== 0,
    as,
  };
}

const VALUE_TYPE = /^(bool|[iu](8|16|32|64|size)|f32|f64)$/;

function isValueType(type: TypeNode): boolean {
  return type.kind === NodeKind.NamedType && VALUE_TYPE.test((type as NamedType).name.identifier.text);
}

function verifyConstructor(owner: ClassDeclaration, emitter: DiagnosticEmitter): void {
  const lacking = constructorOf(owner)?.signature.parameters.find(({ initializer }) => !initializer);
  if (!lacking) return;
  const message = `class ${owner.name.text}: it is made by a constructor without arguments when it is read from JSON. Give each parameter a default, or make it a field.`;
  report(emitter, lacking.range, message);
}

function constructorOf({ members }: ClassDeclaration): MethodDeclaration | undefined {
  return members.find(
    (member): member is MethodDeclaration =>
      member.kind === NodeKind.MethodDeclaration && (member.flags & CommonFlags.Constructor) !== 0,
  );
}
