import { isField, type JsonClass, type JsonField } from "./json-class.ts";
import { report } from "./report.ts";
import {
  type ClassDeclaration,
  type ClassElement,
  CommonFlags,
  type Declaration,
  type Element,
  type NamedType,
  NodeKind,
  type Program,
  textOf,
  type TypeDeclaration,
  type TypeNode,
} from "./syntax.ts";

/** How many fields an object may have, those of the classes that its class extends among them: a bit each. */
const MAX_FIELDS = 64;

const INSTEAD = "Use another type, or leave the field out with @json.skip.";
const BUILT_IN = /^(bool|[iu](8|16|32|64|size)|f32|f64|string)$/;
const LIBRARY = new Set(["string/String", "typedarray/Uint8Array", "arraybuffer/ArrayBuffer"]);

/** Says which fields have a type that has no form in JSON, and what is wrong with what a class extends. */
export function verifyClasses(classes: readonly JsonClass[], program: Program): void {
  const byDeclaration = new Map(classes.map((json) => [json.declaration, json]));
  for (const json of classes) {
    const element = program.elementsByDeclaration.get(json.declaration) as ClassElement | undefined;
    // One that is declared twice is the compiler's to complain about.
    if (!element) continue;
    verifyBases(json, element, byDeclaration, program);
    for (const field of json.fields) {
      const reason = new FieldType(json, element, byDeclaration, program).reasonAgainst(field.type, field.as);
      if (reason === undefined) continue;
      report(program, field.type.range, `class ${json.name}, field ${field.name}: ${reason}`);
    }
  }
}

function verifyBases(
  { name, declaration, fields }: JsonClass,
  element: ClassElement,
  classes: ReadonlyMap<ClassDeclaration, JsonClass>,
  program: Program,
): void {
  let count = fields.length;
  for (let base = element.basePrototype; base; base = base.basePrototype) {
    const json = classes.get(base.declaration);
    count += json?.fields.length ?? 0;
    if (json || !base.declaration.members.some(isField)) continue;
    const message = `class ${name} extends ${base.declaration.name.text}, whose fields would be left out: write @json before that class, too.`;
    report(program, declaration.name.range, message);
  }
  if (count <= MAX_FIELDS) return;
  const message = `class ${name} has ${count} fields, more than ${MAX_FIELDS}: make classes of some of them, and of those fields.`;
  report(program, declaration.name.range, message);
}

/** Looks at the type of a field. */
class FieldType {
  readonly #json: JsonClass;
  readonly #context: Element;
  readonly #classes: ReadonlyMap<ClassDeclaration, JsonClass>;
  readonly #program: Program;

  constructor(
    json: JsonClass,
    context: Element,
    classes: ReadonlyMap<ClassDeclaration, JsonClass>,
    program: Program,
  ) {
    this.#json = json;
    this.#context = context;
    this.#classes = classes;
    this.#program = program;
  }

  /** Why it has no form in JSON; nothing if it has one. */
  reasonAgainst(type: TypeNode, as: JsonField["as"], context = this.#context): string | undefined {
    if (type.kind !== NodeKind.NamedType) return `${textOf(type)} has no form in JSON. ${INSTEAD}`;
    const { name, typeArguments } = type as NamedType;
    const { text } = name.identifier;
    const isParameter = this.#json.declaration.typeParameters?.some((one) => one.name.text === text) ?? false;
    if (isParameter || BUILT_IN.test(text)) return undefined;
    const element = this.#program.resolver.resolveTypeName(name, null, context, 1);
    // What is not found is the compiler's to complain about.
    if (!element?.declaration) return undefined;
    const [first, last] = [typeArguments?.[0], typeArguments?.at(-1)];
    if (element.internalName === "~lib/array/Array" && last) return this.reasonAgainst(last, as, context);
    if (element.internalName === "~lib/map/Map" && first && last) {
      if (textOf(first) !== "string") return `the keys of an object are strings. Use Map<string, …>.`;
      return this.reasonAgainst(last, as, context);
    }
    return this.#reasonAgainstElement(element, element.declaration, typeArguments ?? []);
  }

  #reasonAgainstElement(
    element: Element,
    declaration: Declaration,
    typeArguments: readonly TypeNode[],
  ): string | undefined {
    const name = declaration.name.text;
    const { internalName } = element;
    if (declaration.kind === NodeKind.EnumDeclaration) return undefined;
    if (declaration.kind === NodeKind.TypeDeclaration) {
      const { type } = declaration as TypeDeclaration;
      if (this.#hasEnum(type, element))
        return `${name} stands for an enum, whose names would be lost. Write ${textOf(type)}.`;
      return this.reasonAgainst(type, "as written", element);
    }
    if (LIBRARY.has(internalName.replace("~lib/", "")) || internalName.endsWith("/json/json-value/JsonValue"))
      return undefined;
    if (
      declaration.kind !== NodeKind.ClassDeclaration ||
      (internalName.startsWith("~lib/") && !this.#isJson(element))
    )
      return `${name} has no form in JSON. ${INSTEAD}`;
    if (!this.#isJson(element))
      return `class ${name} is not @json. Write @json before it, or @json.skip before the field.`;
    if (declaration.flags & CommonFlags.Abstract)
      return `class ${name} is abstract, so that nothing can be made of it. ${INSTEAD}`;
    if (typeArguments.some((type) => this.#hasEnum(type, this.#context)))
      return `${name} cannot tell the names of an enum that it is given. Use a class of your own for it.`;
    return undefined;
  }

  #isJson(element: Element): boolean {
    for (let one: ClassElement | null = element as ClassElement; one; one = one.basePrototype) {
      if (this.#classes.has(one.declaration)) return true;
    }
    return false;
  }

  #hasEnum(type: TypeNode, context: Element): boolean {
    if (type.kind !== NodeKind.NamedType) return false;
    const { name, typeArguments } = type as NamedType;
    const declaration = this.#program.resolver.resolveTypeName(name, null, context, 1)?.declaration;
    if (declaration?.kind === NodeKind.EnumDeclaration) return true;
    return typeArguments?.some((one) => this.#hasEnum(one, context)) ?? false;
  }
}
