import type { WitType } from "../../wasm/wiring/wit-type.ts";
import { caseCodec, type CaseCodec } from "./case-codec.ts";
import { alignedTo, type Codec } from "./codec.ts";
import type { Guest } from "./guest.ts";
import { flagsCodec, handleCodec, SCALARS } from "./scalar-codecs.ts";

const codecs = new WeakMap<WitType, Codec>();

/** The codec of a type, made when it is first asked for. */
export function codecOf(type: WitType): Codec {
  const known = codecs.get(type);
  if (known) return known;
  const codec = createCodec(type);
  codecs.set(type, codec);
  return codec;
}

function createCodec(type: WitType): Codec {
  switch (type.kind) {
    case "string":
      return STRING;
    case "list":
      return type.item.kind === "u8" ? BYTES : listCodec(codecOf(type.item));
    case "record":
      return recordCodec(type.fields.map(([name, field]) => [camelCase(name), codecOf(field)]));
    case "variant":
      return tagged(type.cases.map(([tag, payload]) => [tag, payload && codecOf(payload)]));
    case "result":
      return tagged([
        ["ok", type.ok && codecOf(type.ok)],
        ["err", type.err && codecOf(type.err)],
      ]);
    case "option":
      return optionCodec(caseCodec([undefined, codecOf(type.some)]));
    case "enum":
      return enumCodec(type.names);
    case "tuple":
      return tupleCodec(type.items.map(codecOf));
    case "flags":
      return flagsCodec(type.names.map(camelCase));
    case "own":
    case "borrow":
      return handleCodec(type.kind, type.resource);
    case "other":
      throw new Error("There is a type that cannot cross.");
    default:
      return SCALARS[type.kind];
  }
}

function camelCase(kebab: string): string {
  return kebab.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** A type that is an address and a length. */
function sized(
  read: (guest: Guest, at: number, length: number) => unknown,
  write: (guest: Guest, value: never) => number,
): Codec {
  return {
    sizeBytes: 8,
    align: 4,
    flat: ["i32", "i32"],
    load: (guest, at) => {
      const { view } = guest.memory;
      return read(guest, view.getUint32(at, true), view.getUint32(at + 4, true));
    },
    store: (guest, at, value) => {
      const { memory } = guest;
      const start = write(guest, value as never);
      memory.view.setUint32(at, start, true);
      memory.view.setUint32(at + 4, memory.written, true);
    },
    lift: (guest, args) => {
      const start = Number(args.values[args.next++]) >>> 0;
      return read(guest, start, Number(args.values[args.next++]) >>> 0);
    },
    lower: (guest, value, into) => {
      into.push(write(guest, value as never), guest.memory.written);
    },
  };
}

const STRING = sized(
  ({ memory }, at, length) => memory.text(at, length),
  ({ memory }, text: string) => memory.writeText(text),
);

const BYTES = sized(
  ({ memory }, at, length) => memory.block(at, length),
  ({ memory }, block: Uint8Array) => memory.writeBlock(block),
);

/** What an item of a list takes here beside its bytes: few as those may be, it is an object, and often several. */
const ITEM_BYTES = 256;

function listCodec({ sizeBytes, align, load, store }: Codec): Codec {
  return sized(
    (guest, start, length) => {
      guest.memory.verify(start, length * sizeBytes, align);
      guest.memory.charge(length * ITEM_BYTES);
      const items: unknown[] = [];
      for (let i = 0; i < length; i++) items.push(load(guest, start + i * sizeBytes));
      return items;
    },
    (guest, items: readonly unknown[]) => {
      const start = guest.memory.allocate(items.length * sizeBytes, align);
      for (let i = 0; i < items.length; i++) store(guest, start + i * sizeBytes, items[i]);
      guest.memory.written = items.length;
      return start;
    },
  );
}

interface Field {
  readonly name: string;
  readonly codec: Codec;
  readonly offset: number;
}

/** @param create What the fields are put into. */
function recordCodec(
  named: readonly (readonly [name: string, codec: Codec])[],
  create: () => object = () => ({}),
): Codec {
  const fields: Field[] = [];
  let end = 0;
  for (const [name, codec] of named) {
    const offset = alignedTo(end, codec.align);
    fields.push({ name, codec, offset });
    end = offset + codec.sizeBytes;
  }
  const align = Math.max(1, ...fields.map(({ codec }) => codec.align));
  return {
    sizeBytes: alignedTo(end, align),
    align,
    flat: fields.flatMap(({ codec }) => codec.flat),
    load: (guest, at) => {
      const value = create() as Record<string, unknown>;
      for (const { name, codec, offset } of fields) value[name] = codec.load(guest, at + offset);
      return value;
    },
    store: (guest, at, value) => {
      const members = value as Record<string, unknown>;
      for (const { name, codec, offset } of fields) codec.store(guest, at + offset, members[name]);
    },
    lift: (guest, args) => {
      const value = create() as Record<string, unknown>;
      for (const { name, codec } of fields) value[name] = codec.lift(guest, args);
      return value;
    },
    lower: (guest, value, into) => {
      const members = value as Record<string, unknown>;
      for (const { name, codec } of fields) codec.lower(guest, members[name], into);
    },
  };
}

function tupleCodec(items: readonly Codec[]): Codec {
  return recordCodec(
    items.map((codec, i) => [String(i), codec]),
    () => [],
  );
}

interface Tagged {
  readonly tag: string;
  readonly val?: unknown;
}

function tagged(cases: readonly (readonly [tag: string, codec: Codec | undefined])[]): Codec {
  const tags = cases.map(([tag]) => tag);
  const indices = new Map(tags.map((tag, i) => [tag, i]));
  const { load, store, lift, lower, ...layout } = caseCodec(cases.map(([, codec]) => codec));
  const indexOf = (value: unknown): number => {
    const index = indices.get((value as Tagged).tag);
    if (index === undefined) throw new Error(`There is no case ${(value as Tagged).tag}.`);
    return index;
  };
  const named = (index: number, val: unknown): Tagged => ({ tag: tags[index] ?? "", val });
  return {
    ...layout,
    load: (guest, at) => load(guest, at, named),
    store: (guest, at, value) => store(guest, at, indexOf(value), (value as Tagged).val),
    lift: (guest, args) => lift(guest, args, named),
    lower: (guest, value, into) => lower(guest, indexOf(value), (value as Tagged).val, into),
  };
}

const some = (_: number, value: unknown): unknown => value;

function optionCodec({ load, store, lift, lower, ...layout }: CaseCodec): Codec {
  return {
    ...layout,
    load: (guest, at) => load(guest, at, some),
    store: (guest, at, value) => store(guest, at, value === undefined ? 0 : 1, value),
    lift: (guest, args) => lift(guest, args, some),
    lower: (guest, value, into) => lower(guest, value === undefined ? 0 : 1, value, into),
  };
}

function enumCodec(names: readonly string[]): Codec {
  const { load, store, lift, lower, ...layout } = caseCodec(names.map(() => undefined));
  const name = (index: number): string | undefined => names[index];
  return {
    ...layout,
    load: (guest, at) => load(guest, at, name),
    store: (guest, at, value) => store(guest, at, names.indexOf(value as string), undefined),
    lift: (guest, args) => lift(guest, args, name),
    lower: (guest, value, into) => lower(guest, names.indexOf(value as string), undefined, into),
  };
}
