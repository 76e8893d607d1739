import { quote } from "../core/error-codes.ts";

/** Where a value stands in settings: keys of objects and indexes of lists, from the outside in. */
export type Path = readonly (string | number)[];

/** `plugins.api.config["a key"][0]`: unique for each path, and fit to be shown. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$-]{0,99}$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${quote(step, Infinity)}]`;
  }
  return text;
}
