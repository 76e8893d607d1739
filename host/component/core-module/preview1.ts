import { randomFillSync } from "node:crypto";
import { createRequire } from "node:module";
import { posix } from "node:path";
import { hrtime } from "node:process";
import { messageOf } from "../../core/error.ts";
import { LineSink } from "../wasi-line-sink.ts";
import type { ModuleHooks } from "./module-hooks.ts";
import { resolveOptional, WASI_JS } from "./optional-package.ts";

/** The module by whose name WASI was imported before it had components. */
export const PREVIEW1 = "wasi_snapshot_preview1";

type Wasi = Readonly<Record<string, (...args: never[]) => unknown>>;

/** What of wasi-js is used here. */
interface WasiJs {
  readonly default: new (config: object) => {
    readonly wasiImport: Readonly<Record<string, (...args: number[]) => number>>;
    setMemory(memory: WebAssembly.Memory): void;
  };
  createFileSystem(specs: readonly { readonly type: "mem" }[]): object;
}

const ERRNO = { invalid: 28, unsupported: 52 } as const;

/** Of one call. */
const MAX_RANDOM_BYTES = 65_536;
const MAX_WRITE_BYTES = 2 ** 20;
const MAX_BUFFERS = 1_024;

/** What the library answers, on a file system in memory that holds nothing. */
const ANSWERED = [
  "args_get",
  "args_sizes_get",
  "environ_get",
  "environ_sizes_get",
  "clock_res_get",
  "clock_time_get",
  "fd_close",
  "fd_fdstat_get",
  "fd_prestat_dir_name",
  "fd_prestat_get",
  "path_open",
] as const;

/** What is looked at first, or done here: the library trusts what it is told. */
const CHECKED = ["fd_write", "proc_exit", "random_get", "sched_yield"] as const;

/** What answers that there is no such thing. The library would wait in place, or grow without end. */
const UNSUPPORTED = [
  "fd_advise",
  "fd_allocate",
  "fd_datasync",
  "fd_fdstat_set_flags",
  "fd_fdstat_set_rights",
  "fd_filestat_get",
  "fd_filestat_set_size",
  "fd_filestat_set_times",
  "fd_pread",
  "fd_pwrite",
  "fd_read",
  "fd_readdir",
  "fd_renumber",
  "fd_seek",
  "fd_sync",
  "fd_tell",
  "path_create_directory",
  "path_filestat_get",
  "path_filestat_set_times",
  "path_link",
  "path_readlink",
  "path_remove_directory",
  "path_rename",
  "path_symlink",
  "path_unlink_file",
  "poll_oneoff",
  "proc_raise",
  "sock_accept",
  "sock_recv",
  "sock_send",
  "sock_shutdown",
] as const;

/** The functions that `Preview1` gives. */
export const PREVIEW1_FUNCTIONS: ReadonlySet<string> = new Set([...ANSWERED, ...CHECKED, ...UNSUPPORTED]);

/** WASI as core modules import it, in the empty form in which components are given theirs. */
export class Preview1 {
  readonly functions: Wasi;
  readonly #hooks: ModuleHooks;
  readonly #wasi: InstanceType<WasiJs["default"]>;
  #memory: WebAssembly.Memory | undefined;

  /** @throws HostError PACKAGE_MISSING */
  constructor(hooks: ModuleHooks, plugin: string) {
    this.#hooks = hooks;
    const library = loadLibrary(plugin);
    const line = (stream: "stdout" | "stderr") => {
      const sink = new LineSink((text) => hooks.print(stream, text));
      return (contents: Uint8Array) => sink.write(contents);
    };
    this.#wasi = new library.default({
      args: [],
      env: {},
      preopens: {},
      sendStdout: line("stdout"),
      sendStderr: line("stderr"),
      bindings: {
        hrtime: () => hrtime.bigint(),
        // What ends the process in the library's own bindings is answered here, before it is asked.
        exit: unreachable,
        kill: unreachable,
        randomFillSync,
        isTTY: () => false,
        fs: library.createFileSystem([{ type: "mem" }]),
        path: posix,
      },
    });
    const answered = ANSWERED.map((name) => [name, this.#answered(name)] as const);
    const unsupported = UNSUPPORTED.map((name) => [name, () => ERRNO.unsupported] as const);
    this.functions = {
      ...Object.fromEntries(answered),
      ...Object.fromEntries(unsupported),
      ...this.#checked(),
    };
  }

  /** To be called before anything of the plugin runs. */
  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
    this.#wasi.setMemory(memory);
  }

  #answered(name: (typeof ANSWERED)[number] | "fd_write" | "random_get"): (...args: number[]) => number {
    return (...args) => {
      try {
        return this.#wasi.wasiImport[name]?.(...args) ?? ERRNO.unsupported;
      } catch (error) {
        throw this.#hooks.misused(`${PREVIEW1}.${name}`, messageOf(error));
      }
    };
  }

  #checked(): Record<(typeof CHECKED)[number], Wasi[string]> {
    const write = this.#answered("fd_write");
    const random = this.#answered("random_get");
    return {
      fd_write: (file: number, buffers: number, count: number, written: number) =>
        this.#mayWrite(buffers >>> 0, count >>> 0)
          ? write(file, buffers >>> 0, count >>> 0, written >>> 0)
          : ERRNO.invalid,
      random_get: (at: number, length: number) =>
        length >>> 0 <= MAX_RANDOM_BYTES ? random(at >>> 0, length >>> 0) : ERRNO.invalid,
      proc_exit: (code: number) => this.#hooks.exit(code !== 0),
      sched_yield: () => 0,
    };
  }

  /** Whether what is to be written lies in memory and is of a size that can be taken at once. */
  #mayWrite(buffers: number, count: number): boolean {
    const sizeBytes = this.#memory?.buffer.byteLength ?? 0;
    if (!this.#memory || count > MAX_BUFFERS || buffers + 8 * count > sizeBytes) return false;
    const view = new DataView(this.#memory.buffer);
    let total = 0;
    for (let at = buffers; at < buffers + 8 * count; at += 8) {
      const length = view.getUint32(at + 4, true);
      if (view.getUint32(at, true) + length > sizeBytes) return false;
      total += length;
    }
    return total <= MAX_WRITE_BYTES;
  }
}

function loadLibrary(plugin: string): WasiJs {
  const file = resolveOptional(WASI_JS, "dist/index.js", plugin);
  return createRequire(import.meta.url)(file) as WasiJs;
}

function unreachable(): never {
  throw new Error("The library does not come here.");
}
