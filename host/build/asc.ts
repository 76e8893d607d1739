// The part of `assemblyscript/asc` that we use. Its own types would declare AssemblyScript's globals in all of
// this project.

/** The AssemblyScript compiler. */
export interface AscCompiler {
  readonly version: string;
  /** The texts of the standard library by their paths, without extension. Those named here are compiled. */
  readonly libraryFiles: Record<string, string>;
  createMemoryStream(): AscStream;
  main(args: readonly string[], options: AscOptions): Promise<{ error: Error | null }>;
}

interface AscStream {
  write(chunk: Uint8Array | string): void;
}

interface AscOptions {
  stdout: AscStream;
  stderr: AscStream;
  readFile(name: string, baseFolder: string): Promise<string | null>;
  writeFile(name: string, contents: Uint8Array | string, baseFolder: string): void;
  listFiles(folder: string, baseFolder: string): string[] | null;
  reportDiagnostic(diagnostic: AscDiagnostic): void;
  /** Classes that the compiler makes one object each of, and calls. */
  transforms: readonly unknown[];
}

export interface AscDiagnostic {
  /** 3 is an error; what is less is none. */
  readonly category: number;
  readonly message: string;
  /** Where, in UTF-16 units from the start of a source. */
  readonly range: { readonly start: number; readonly source: { readonly normalizedPath: string } } | null;
}
