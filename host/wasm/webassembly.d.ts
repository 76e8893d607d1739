// Node has this global, and @types/node has no types for it: what this project uses of it stands here.
// With "lib": ["dom"] would come a thousand globals that Node does not have.

declare namespace WebAssembly {
  type ImportExportKind = "function" | "table" | "memory" | "global" | "tag";
  type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "anyfunc" | "externref";
  type ImportValue =
    Memory | Table | Global | Tag | Suspending | number | bigint | ((...args: never[]) => unknown);
  type Imports = Record<string, Record<string, ImportValue>>;
  type ExportValue = Memory | Table | Global | Tag | ((...args: unknown[]) => unknown);
  type Exports = Record<string, ExportValue>;

  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer);
    static exports(module: Module): { name: string; kind: ImportExportKind }[];
    static imports(module: Module): { module: string; name: string; kind: ImportExportKind }[];
    static customSections(module: Module, name: string): ArrayBuffer[];
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }

  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(deltaPages: number): number;
  }

  class Table {
    constructor(
      descriptor: { element: "anyfunc" | "externref"; initial: number; maximum?: number },
      value?: unknown,
    );
    readonly length: number;
    get(index: number): unknown;
    set(index: number, value?: unknown): void;
    grow(delta: number, value?: unknown): number;
  }

  class Global<T = unknown> {
    constructor(descriptor: { value: ValueType; mutable?: boolean }, value?: T);
    value: T;
  }

  class Tag {
    private readonly brand: "tag";
    constructor(type: { parameters: ValueType[] });
  }

  class Exception extends Error {
    constructor(tag: Tag, payload: unknown[]);
    is(tag: Tag): boolean;
    getArg(tag: Tag, index: number): unknown;
  }

  /** An import that the guest waits for: JSPI. */
  class Suspending {
    private readonly brand: "suspending";
    constructor(start: (...args: never[]) => unknown);
  }

  /** An export that may wait for suspending imports, as a function that returns a Promise: JSPI. */
  function promising<A extends unknown[]>(
    exported: (...args: A) => unknown,
  ): (...args: A) => Promise<unknown>;

  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}
  /** Thrown where a guest is to be suspended while JavaScript is on its stack: JSPI. */
  class SuspendError extends Error {}

  function validate(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer): boolean;
  function compile(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer): Promise<Module>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
}
