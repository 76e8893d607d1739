/** The text of an array, as PostgreSQL writes it, with `undefined` for NULL. @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
export type ArrayText = readonly (string | undefined | ArrayText)[];

/** The elements of an array that PostgreSQL wrote. The bounds, where it has others than usual, are left out. */
export function parseArray(text: string): ArrayText {
  const start = text.startsWith("[") ? text.indexOf("=") + 1 : 0;
  const token = /"((?:[^"\\]|\\[^])*)"|([{},])|[^{},"]+/gy;
  token.lastIndex = start;
  const root: (string | undefined | ArrayText)[] = [];
  const open = [root];
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [plain, quoted, sign] = found;
    const innermost = open.at(-1) ?? root;
    if (quoted !== undefined) innermost.push(quoted.replace(/\\([^])/g, "$1"));
    else if (sign === "{") {
      const inner: (string | undefined | ArrayText)[] = [];
      innermost.push(inner);
      open.push(inner);
    } else if (sign === "}") open.pop();
    else if (sign === undefined) innermost.push(plain === "NULL" ? undefined : plain);
  }
  const [array] = root;
  if (typeof array !== "object") throw new Error("PostgreSQL wrote an array that cannot be read.");
  return array;
}

/** An array as PostgreSQL reads it. */
export function formatArray(elements: ArrayText): string {
  const texts = elements.map((element) => {
    if (element === undefined) return "NULL";
    return typeof element === "string" ? `"${element.replace(/["\\]/g, "\\$&")}"` : formatArray(element);
  });
  return `{${texts.join(",")}}`;
}
