import { className } from "../contract/class-name.ts";
import { camelCase } from "../contract/function.ts";

/** What an import is on this side: a function, or what belongs to a class; a method is called on its first argument. */
export type ImportTarget =
  | { readonly kind: "function"; readonly jsName: string }
  | { readonly kind: "method" | "static"; readonly className: string; readonly jsName: string }
  | { readonly kind: "constructor"; readonly className: string };

export type ServiceFunction = (...args: readonly unknown[]) => unknown;

type Members = Readonly<Record<string, ServiceFunction>>;
type ServiceClass = (new (...args: readonly unknown[]) => object) & Members & { readonly prototype: Members };

const MEMBER = /^\[(?<kind>method|static|constructor)\](?<resource>[^.]+)\.?(?<member>.*)$/;

/** @param name As components import it: `poll`, `[method]fields.get`, `[static]fields.from-list`, `[constructor]fields`. */
export function importTarget(name: string): ImportTarget {
  const { kind, resource = "", member = "" } = MEMBER.exec(name)?.groups ?? {};
  if (kind === "constructor") return { kind, className: className(resource) };
  if (kind !== "method" && kind !== "static") return { kind: "function", jsName: camelCase(name) };
  return { kind, className: className(resource), jsName: camelCase(member) };
}

/**
 * The function that a target is.
 *
 * @param owner The functions and classes of an interface.
 * @returns Undefined if there is none.
 */
export function findTarget(owner: object | undefined, target: ImportTarget): ServiceFunction | undefined {
  if (target.kind === "function") return (owner as Members | undefined)?.[target.jsName];
  const itsClass = (owner as Readonly<Record<string, ServiceClass>> | undefined)?.[target.className];
  if (!itsClass) return undefined;
  if (target.kind === "constructor") return (...args) => new itsClass(...args);
  if (target.kind === "static") return itsClass[target.jsName]?.bind(itsClass);
  const method = itsClass.prototype[target.jsName];
  return method && ((self, ...args) => method.apply(self, args));
}
