import { wasiError } from "../wasi-error.ts";
import type { Field } from "../contract/data.ts";
import type { WasiResources } from "../wasi-resources.ts";

type Entry = readonly [name: string, value: Uint8Array];

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** They describe the connection, which is the host's, in either direction. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  "connection",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/**
 * The headers of a message, in their order, those that stand repeatedly repeatedly.
 *
 * @see https://github.com/WebAssembly/wasi-http/blob/v0.2.8/wit/types.wit `resource fields`
 */
export class Fields implements Disposable {
  readonly resources: WasiResources;
  readonly #mutable: boolean;
  #entries: Entry[];
  #sizeBytes = 0;

  /** Bytes of a value are Latin-1 on the side of the host. */
  static from(resources: WasiResources, fields: readonly Field[]): Fields {
    const entries = fields
      .filter(({ name }) => !FORBIDDEN.has(name))
      .map(({ name, value }): Entry => [name, Buffer.from(value, "latin1")]);
    return new Fields(resources, entries, false);
  }

  /** Called by the plugin. */
  static fromList(this: new () => Fields, entries: readonly Entry[]): Fields {
    const fields = new this();
    for (const [name, value] of entries) fields.append(name, value);
    return fields;
  }

  /** For the plugin there is a constructor without parameters: see `createHttpTypes`. */
  constructor(resources: WasiResources, entries: readonly Entry[] = [], mutable = true) {
    this.resources = resources;
    this.#entries = [...entries];
    this.#mutable = mutable;
    this.#sizeBytes = sizeOf(entries);
    resources.hold(this.#sizeBytes);
  }

  /** The same headers for the host. */
  toFields(): Field[] {
    return this.#entries.map(([name, value]) => ({ name, value: Buffer.from(value).toString("latin1") }));
  }

  /** The bytes that the message says its body will have, if it does. */
  contentLength(): number | undefined {
    const declared = this.toFields().find(({ name }) => name.toLowerCase() === "content-length");
    return declared && /^\d{1,15}$/.test(declared.value) ? Number(declared.value) : undefined;
  }

  /** The same headers, which cannot be changed any more. */
  frozen(): Fields {
    return new Fields(this.resources, this.#entries, false);
  }

  get(name: string): Uint8Array[] {
    return this.#entries.filter(isNamed(name)).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.#entries.some(isNamed(name));
  }

  set(name: string, values: readonly Uint8Array[]): void {
    this.#verify(name, values);
    this.#replace([
      ...this.#entries.filter((entry) => !isNamed(name)(entry)),
      ...values.map((value): Entry => [name, value]),
    ]);
  }

  delete(name: string): void {
    this.#verify(name, []);
    this.#replace(this.#entries.filter((entry) => !isNamed(name)(entry)));
  }

  append(name: string, value: Uint8Array): void {
    this.#verify(name, [value]);
    this.#entries.push([name, value]);
    this.#charge(sizeOf([[name, value]]));
  }

  entries(): Entry[] {
    return [...this.#entries];
  }

  clone(): Fields {
    return new Fields(this.resources, this.#entries);
  }

  [Symbol.dispose](): void {
    this.resources.release(this.#sizeBytes);
  }

  /** Throws the `header-error` of WASI. */
  #verify(name: string, values: readonly Uint8Array[]): void {
    const tag = !this.#mutable
      ? "immutable"
      : typeof name !== "string" || !TOKEN.test(name) || !values.every(isFit)
        ? "invalid-syntax"
        : FORBIDDEN.has(name.toLowerCase())
          ? "forbidden"
          : undefined;
    if (tag !== undefined) throw wasiError(tag);
  }

  #replace(entries: Entry[]): void {
    this.#entries = entries;
    this.#charge(sizeOf(entries) - this.#sizeBytes);
  }

  #charge(bytes: number): void {
    this.#sizeBytes += bytes;
    this.resources.chargeFields(bytes);
  }
}

function isNamed(name: string): (entry: Entry) => boolean {
  const wanted = name.toLowerCase();
  return ([found]) => found.toLowerCase() === wanted;
}

/** What links it passes bytes; that they are is not left to that. */
function isFit(value: unknown): boolean {
  return value instanceof Uint8Array && !value.some(isControl);
}

/** What no header's value may hold. */
function isControl(byte: number): boolean {
  return (byte < 0x20 && byte !== 0x09) || byte === 0x7f;
}

/** An entry is an object, whatever little is in it. */
const ENTRY_BYTES = 64;

function sizeOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, [name, value]) => sum + ENTRY_BYTES + name.length + value.length, 0);
}
