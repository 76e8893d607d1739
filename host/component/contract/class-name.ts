import { camelCase } from "./function.ts";

/** The name of a resource's class in JavaScript: `input-stream` is `InputStream`. */
export function className(resource: string): string {
  const camel = camelCase(resource);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}
