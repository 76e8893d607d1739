import { wasiError } from "../wasi-error.ts";
import { IoError } from "../wasi-io.ts";

/** Codes of the system, and what WASI calls them. */
const CODES: Readonly<Record<string, string>> = {
  EACCES: "access",
  EBADF: "bad-descriptor",
  EBUSY: "busy",
  EDQUOT: "quota",
  EEXIST: "exist",
  EFBIG: "file-too-large",
  EINVAL: "invalid",
  EISDIR: "is-directory",
  ELOOP: "loop",
  EMFILE: "insufficient-memory",
  EMLINK: "too-many-links",
  ENAMETOOLONG: "name-too-long",
  ENFILE: "insufficient-memory",
  ENOENT: "no-entry",
  ENOMEM: "insufficient-memory",
  ENOSPC: "insufficient-space",
  ENOTDIR: "not-directory",
  ENOTEMPTY: "not-empty",
  ENOTSUP: "unsupported",
  ENXIO: "no-such-device",
  EPERM: "not-permitted",
  EROFS: "read-only",
  ETXTBSY: "text-file-busy",
  EXDEV: "cross-device",
};

/** The system's code of what a call of the file system threw. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The `error-code` of WASI, which is an enum: its name is what the bindings take. */
function errorCode(error: unknown): unknown {
  return error instanceof Error ? (CODES[systemCode(error) ?? ""] ?? "io") : error;
}

/** Does something with the file system. Throws the `error-code` of WASI when it fails. */
export async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw errorCode(error);
  }
}

/** Why a stream of a file broke off. */
export class FileError extends IoError {
  readonly code: unknown;

  constructor(error: unknown) {
    super("The file could not be read or written.");
    this.code = errorCode(error);
  }
}

/** The `stream-error` of WASI for it. */
export function streamError(error: unknown): unknown {
  return wasiError("last-operation-failed", new FileError(error));
}
