// Homes of people, temporary folders, and where compilers unpack: what is in a path beyond that is cut at 200.
const PATHS =
  /(?:\/(?:home|Users|root|tmp|build|builds|workspace)\/|[A-Za-z]:\\(?:Users|a|b)\\)[\w.@+~\-/\\]{3,200}/g;

/** Paths of the machine that a binary was built on, each once, in UTF-8 or in UTF-16, as AssemblyScript keeps its texts. */
export function pathsIn(bytes: Uint8Array): { path: string; offset: number }[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = [
    ...Array.from(buffer.toString("latin1").matchAll(PATHS), ({ 0: path, index }) => ({
      path,
      offset: index,
    })),
    ...[0, 1].flatMap((shift) =>
      Array.from(buffer.subarray(shift).toString("utf16le").matchAll(PATHS), ({ 0: path, index }) => ({
        path,
        offset: shift + 2 * index,
      })),
    ),
  ];
  return [...new Map(found.map((one) => [one.path, one])).values()];
}
