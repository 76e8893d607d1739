import type { ComponentExtern, ComponentOutline } from "../../wasm/component-outline.ts";
import type { ModuleOutline } from "../../wasm/module-outline.ts";
import { exportName } from "./export-name.ts";

/** Under this name a core module asks for what stands in for AssemblyScript's own environment. */
export const ENVIRONMENT = "env";

/** Whether a core module carries what describes its component. */
export function describesComponent({ custom }: ModuleOutline): boolean {
  return custom.names.some((name) => name.startsWith("component-type"));
}

/**
 * A core module seen as the component that it stands for: of its functions, named `INTERFACE#FUNCTION`, and its
 * imports, `INTERFACE.FUNCTION`, the interfaces.
 */
export function asComponent(outline: ModuleOutline, sizeBytes: number): ComponentOutline {
  const isDescribed = describesComponent(outline);
  const imported = outline.imports.map(({ module }) => module);
  const exported = outline.exports.flatMap(({ name, kind }) => {
    const [owner, member] = exportName(name).split("#");
    const isFunction = kind === "function" && member !== undefined && !owner?.startsWith("cabi_post_");
    return isFunction ? [owner ?? ""] : [];
  });
  return {
    // A plain module's environment is no interface: what it asks for there is looked at by the function.
    imports: interfaces(isDescribed ? imported : imported.filter((name) => name !== ENVIRONMENT)),
    exports: interfaces(exported),
    coreModules: [{ start: 0, sizeBytes, outline }],
    nestedComponents: 0,
    custom: outline.custom,
  };
}

function interfaces(names: readonly string[]): ComponentExtern[] {
  return Array.from(new Set(names), (name) => ({ name, kind: "instance" }));
}
