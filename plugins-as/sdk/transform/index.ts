// A transform for the AssemblyScript compiler: it writes into each class that is `@json` the methods by which its objects
// are read from JSON and written. `tusk build` runs it; by hand it is
//
//     asc assembly/index.ts --transform tusk-plugin-as/transform

import { type ClassOptions, fieldDecorators, readClassOptions } from "./decorators.ts";
import { writeEnumMembers } from "./enum-members.ts";
import { isField, type JsonClass, readJsonClass } from "./json-class.ts";
import { report } from "./report.ts";
import {
  type ClassDeclaration,
  type Declaration,
  type EnumDeclaration,
  type ExportDefault,
  type NamespaceDeclaration,
  NodeKind,
  type Parser,
  type Program,
  type SyntaxNode,
} from "./syntax.ts";
import { verifyClasses } from "./verify-classes.ts";
import { writeClass } from "./write-class.ts";

/** What the compiler makes one of for each compilation. */
export default class JsonTransform {
  readonly #classes: JsonClass[] = [];

  /** Called when all sources have been parsed. */
  afterParse(parser: Parser): void {
    for (const { statements } of parser.sources) this.#visit(statements, parser);
  }

  /** Called when it is known what each name stands for. */
  afterInitialize(program: Program): void {
    verifyClasses(this.#classes, program);
  }

  #visit(statements: SyntaxNode[], parser: Parser): void {
    for (const statement of statements.slice()) {
      if (statement.kind === NodeKind.NamespaceDeclaration) {
        this.#visit((statement as NamespaceDeclaration).members, parser);
      } else if (statement.kind === NodeKind.ExportDefault) {
        this.#visit([(statement as ExportDefault).declaration], parser);
      } else if (statement.kind === NodeKind.EnumDeclaration) {
        refuseDecorator(
          statement as Declaration,
          parser,
          "An enum stands in JSON by the names of its members, as it is",
        );
        statements.push(...writeEnumMembers(statement as EnumDeclaration).parse(parser));
      } else if (statement.kind === NodeKind.InterfaceDeclaration) {
        refuseDecorator(
          statement as Declaration,
          parser,
          "Of an interface nothing can be made; write it before a class",
        );
      } else if (statement.kind === NodeKind.ClassDeclaration) {
        this.#visitClass(statement as ClassDeclaration, parser);
      }
    }
  }

  #visitClass(declaration: ClassDeclaration, parser: Parser): void {
    const options = readClassOptions(declaration, parser);
    if (options) this.#write(declaration, options, parser);
    else refuseFieldDecorators(declaration, parser);
  }

  #write(declaration: ClassDeclaration, options: ClassOptions, parser: Parser): void {
    const json = readJsonClass(declaration, options, parser);
    this.#classes.push(json);
    const [written] = writeClass(json).parse(parser);
    declaration.members.push(...(written as ClassDeclaration).members);
  }
}

function refuseDecorator(declaration: Declaration, parser: Parser, why: string): void {
  if (readClassOptions(declaration, parser))
    report(parser, declaration.name.range, `${declaration.name.text} cannot be @json. ${why}.`);
}

function refuseFieldDecorators(declaration: ClassDeclaration, parser: Parser): void {
  const { text } = declaration.name;
  for (const [decorator] of declaration.members.filter(isField).map(fieldDecorators)) {
    if (decorator) report(parser, decorator.range, `class ${text} is not @json: write @json before it.`);
  }
}
