import {
  copyBody,
  fillBody,
  growBody,
  hookBody,
  payBytesBody,
  payElementsBody,
  spendBody,
  type Code,
} from "./added-bodies.ts";
import type { BinaryWriter } from "./binary.ts";
import { HOOK_SLOT } from "./hooks.ts";
import type { IndexSpace } from "./index-space.ts";
import { VALUE_TYPE } from "./value-type.ts";

const FUNCTION_FORM = 0x60;
const { i32 } = VALUE_TYPE;

/** The types that are appended: this is their order. */
const TYPE = { toNothing: 0, i32ToNothing: 1, i32ToI32: 2, threeI32ToNothing: 3 } as const;

const TYPES = [
  [FUNCTION_FORM, 0, 0],
  [FUNCTION_FORM, 1, i32, 0],
  [FUNCTION_FORM, 1, i32, 1, i32],
  [FUNCTION_FORM, 3, i32, i32, i32, 0],
];

/**
 * What the rewrite appends to a module: a global for the fuel, a table of hooks, the functions that ask them, and
 * those that stand in for instructions whose cost is in a length. Of the latter there are those that were asked
 * for.
 */
export class AddedFunctions {
  readonly #space: IndexSpace;
  readonly #functions: { readonly type: number; readonly body: Code }[] = [];
  readonly #standIns = new Map<string, number>();
  /** The index of the global that holds the fuel, an i64. */
  readonly fuel: number;
  /** The index of the table of hooks. */
  readonly hooks: number;
  /** The function that asks the hook when fuel has run out. */
  readonly out: number;
  /** The function that charges its parameter, an i32. */
  readonly spend: number;

  constructor(space: IndexSpace) {
    this.#space = space;
    this.fuel = space.globals;
    this.hooks = space.tables;
    this.out = this.#add(
      TYPE.toNothing,
      hookBody(HOOK_SLOT.outOfFuel, this.#type(TYPE.toNothing), this.hooks),
    );
    this.spend = this.#add(TYPE.i32ToNothing, spendBody(this.fuel, this.out));
  }

  /** The function that charges for as many bytes as its parameter says, and returns it. */
  payBytes(): number {
    return this.#standIn("bytes", TYPE.i32ToI32, () => payBytesBody(this.spend));
  }

  /** The function that charges for as many elements of a table as its parameter says, and returns it. */
  payElements(): number {
    return this.#standIn("elements", TYPE.i32ToI32, () => payElementsBody(this.spend));
  }

  /** The function that stands in for `memory.grow`. */
  grow(memory: number): number {
    return this.#standIn(`grow ${memory}`, TYPE.i32ToI32, () =>
      growBody(memory, this.spend, this.#type(TYPE.i32ToI32), this.hooks),
    );
  }

  /** The function that stands in for `memory.fill`. */
  fill(memory: number): number {
    return this.#standIn(`fill ${memory}`, TYPE.threeI32ToNothing, () => fillBody(memory, this.spend));
  }

  /** The function that stands in for `memory.copy`. */
  copy(to: number, from: number): number {
    return this.#standIn(`copy ${to} ${from}`, TYPE.threeI32ToNothing, () => copyBody(to, from, this.spend));
  }

  static readonly typeCount = TYPES.length;

  static writeTypes(writer: BinaryWriter): void {
    for (const type of TYPES) writer.raw(type);
  }

  get count(): number {
    return this.#functions.length;
  }

  /** Writes the index of the type of each. */
  writeDeclarations(writer: BinaryWriter): void {
    for (const { type } of this.#functions) writer.u32(this.#type(type));
  }

  writeBodies(writer: BinaryWriter): void {
    for (const { body } of this.#functions) {
      const bytes = (body as number[]).flat(Infinity);
      writer.u32(bytes.length);
      writer.raw(bytes);
    }
  }

  #type(added: number): number {
    return this.#space.types + added;
  }

  #add(type: number, body: Code): number {
    return this.#space.functions + this.#functions.push({ type, body }) - 1;
  }

  #standIn(key: string, type: number, body: () => Code): number {
    const known = this.#standIns.get(key);
    if (known !== undefined) return known;
    const index = this.#add(type, body());
    this.#standIns.set(key, index);
    return index;
  }
}
