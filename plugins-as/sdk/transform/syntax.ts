// The part of AssemblyScript's syntax trees that the transform reads. The compiler's own types would declare its
// globals in all of this project, and the compiler itself must not be imported: the one that runs may be another.

/** Kinds of nodes, by the compiler's own numbers; a test compares them. */
export const NodeKind = {
  NamedType: 1,
  Identifier: 7,
  PropertyAccess: 22,
  ExportDefault: 37,
  ClassDeclaration: 52,
  EnumDeclaration: 53,
  FieldDeclaration: 55,
  InterfaceDeclaration: 58,
  MethodDeclaration: 59,
  NamespaceDeclaration: 60,
  TypeDeclaration: 61,
} as const;

/** Flags of declarations, in the same way. */
export const CommonFlags = {
  Export: 1 << 1,
  Static: 1 << 5,
  Readonly: 1 << 6,
  Abstract: 1 << 7,
  DefinitelyAssigned: 1 << 14,
  Constructor: 1 << 19,
} as const;

export interface Source {
  readonly normalizedPath: string;
  readonly text: string;
  readonly statements: SyntaxNode[];
}

export interface Range {
  readonly start: number;
  readonly end: number;
  readonly source: Source;
}

export interface SyntaxNode {
  readonly kind: number;
  range: Range;
}

export interface Identifier extends SyntaxNode {
  readonly text: string;
}

export interface PropertyAccess extends SyntaxNode {
  readonly expression: SyntaxNode;
  readonly property: Identifier;
}

export interface Decorator extends SyntaxNode {
  readonly name: SyntaxNode;
  readonly args: readonly SyntaxNode[] | null;
}

export interface StringLiteral extends SyntaxNode {
  readonly value: string;
}

export interface ObjectLiteral extends SyntaxNode {
  readonly names: readonly Identifier[];
  readonly values: readonly SyntaxNode[];
}

export interface Declaration extends SyntaxNode {
  readonly name: Identifier;
  readonly decorators: readonly Decorator[] | null;
  flags: number;
}

export interface TypeName extends SyntaxNode {
  readonly identifier: Identifier;
  readonly next: TypeName | null;
}

export interface TypeNode extends SyntaxNode {
  readonly isNullable: boolean;
}

export interface NamedType extends TypeNode {
  readonly name: TypeName;
  readonly typeArguments: readonly TypeNode[] | null;
}

export interface TypeParameter extends SyntaxNode {
  readonly name: Identifier;
}

export interface ClassDeclaration extends Declaration {
  readonly typeParameters: readonly TypeParameter[] | null;
  readonly extendsType: NamedType | null;
  readonly members: Declaration[];
}

export interface FieldDeclaration extends Declaration {
  readonly type: TypeNode | null;
  readonly initializer: SyntaxNode | null;
  /** Which parameter of the constructor it is, or -1. */
  readonly parameterIndex: number;
}

export interface MethodDeclaration extends Declaration {
  readonly signature: { readonly parameters: readonly Parameter[] };
}

export interface Parameter extends SyntaxNode {
  readonly initializer: SyntaxNode | null;
}

export interface EnumDeclaration extends Declaration {
  readonly values: readonly Declaration[];
}

export interface NamespaceDeclaration extends Declaration {
  readonly members: SyntaxNode[];
}

export interface ExportDefault extends SyntaxNode {
  readonly declaration: Declaration;
}

export interface TypeDeclaration extends Declaration {
  readonly type: TypeNode;
}

/** Collects what is wrong. */
export interface DiagnosticEmitter {
  readonly diagnostics: { message: string }[];
  error(code: number, range: Range, argument: string): void;
}

export interface Parser extends DiagnosticEmitter {
  readonly sources: Source[];
  parseFile(text: string, path: string, isEntry: boolean): void;
}

export interface Element {
  readonly internalName: string;
  readonly declaration?: Declaration;
}

export interface ClassElement extends Element {
  readonly basePrototype: ClassElement | null;
  readonly declaration: ClassDeclaration;
}

export interface Program extends DiagnosticEmitter {
  readonly elementsByDeclaration: ReadonlyMap<Declaration, Element>;
  readonly resolver: {
    /** `reportMode` 1 keeps what is not found to itself. */
    resolveTypeName(name: TypeName, flow: null, context: Element, reportMode: 1): Element | null;
  };
}

/** The text of a node, as it stands in its source. */
export function textOf({ range }: SyntaxNode): string {
  return range.source.text.slice(range.start, range.end);
}
