import type { WitFunction } from "./wit-type.ts";
import type { ResourceType, TypeEntry, TypeScope } from "./type-reader.ts";

/** Something that a core instance exports. */
export interface CoreExport {
  readonly from: "export";
  /** Which instance, in the order in which they are made. */
  readonly instance: number;
  readonly name: string;
}

/** How values of a function lie in memory. */
export interface CanonOptions {
  readonly memory?: CoreExport | undefined;
  readonly realloc?: CoreExport | undefined;
  readonly postReturn?: CoreExport | undefined;
}

/** A function that core modules are given by the host. */
export type LoweredFunction =
  | { readonly from: "import"; readonly imported: ImportedFunction; readonly options: CanonOptions }
  | { readonly from: "drop"; readonly resource: ResourceType };

/** A function as core modules are given it. */
type CoreFunction = CoreExport | LoweredFunction;

/** What a core module can be given; what is no function is not told apart. */
export type CoreItem = CoreFunction | { readonly from: "other" };

interface ImportedFunction {
  readonly from: "import";
  /** `tusk:plugin/logger@0.1.0` */
  readonly interface: string;
  readonly name: string;
  readonly type: WitFunction;
}

/** A function that the component exports. */
export interface LiftedFunction {
  readonly from: "lift";
  readonly core: CoreExport;
  readonly type: WitFunction;
  readonly options: CanonOptions;
}

/** A function of a component. */
export type ComponentFunction =
  | ImportedFunction
  | LiftedFunction
  /** What a component within another is given by this name. */
  | { readonly from: "argument"; readonly name: string };

/** What an instance of a component exports. */
export interface ComponentInstance {
  readonly functions: ReadonlyMap<string, ComponentFunction>;
  readonly types: ReadonlyMap<string, TypeEntry>;
}

/** A core instance: one that was made of a module, or a bundle of what there is already. */
type CoreInstance = number | ReadonlyMap<string, CoreItem>;

/** What a component consists of so far, by the indices by which its sections speak of it. */
export class ComponentSpace implements TypeScope {
  readonly types: TypeEntry[] = [];
  readonly outer: TypeScope | undefined;
  readonly functions: ComponentFunction[] = [];
  readonly instances: ComponentInstance[] = [];
  /** Components within it, by what they export. */
  readonly components: ComponentInstance[] = [];
  readonly coreFunctions: CoreFunction[] = [];
  readonly coreMemories: CoreExport[] = [];
  readonly coreInstanceSpace: CoreInstance[] = [];

  readonly coreInstances: ReadonlyMap<string, ReadonlyMap<string, CoreItem>>[] = [];
  readonly exports = new Map<string, ReadonlyMap<string, LiftedFunction>>();
  readonly lowered: LoweredFunction[] = [];

  constructor(outer?: TypeScope) {
    this.outer = outer;
  }
}
