import type { ProblemList } from "../problem-list.ts";
import type { Source } from "../source.ts";
import { SourceText } from "../source-text.ts";
import { Parser } from "./parser.ts";
import type { Section } from "./syntax.ts";

/** Reads a `.tsk` text. What is wrong with it goes to `problems`; what is left of it is returned. */
export function parseDocument(source: Source, problems: ProblemList): Section[] {
  const text = SourceText.of(source);
  const parser = new Parser(text, problems);
  const { tokens } = parser;
  const sections: Section[] = [{ path: [], place: text.placeAt(0), entries: parser.entries() }];
  while (tokens.peek().kind !== "end") {
    const opener = tokens.next();
    const { depth } = tokens;
    let path: readonly string[] | undefined;
    try {
      path = parseHeader(parser);
      tokens.close(opener, "]");
      parser.endEntry();
    } catch (error) {
      parser.recover(error, depth);
    }
    const entries = parser.entries();
    if (path) sections.push({ path, place: tokens.placeOf(opener), entries });
  }
  return sections;
}

/** `server.tls` or `"a name"`, between the brackets. */
function parseHeader({ tokens }: Parser): readonly string[] {
  const token = tokens.next();
  if (token.kind === "name") return token.path;
  if (token.kind === "string") return [token.content.characters];
  return tokens.refuse(token, `The name of a section is expected here, and not ${tokens.show(token)}.`);
}
