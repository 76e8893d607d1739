import { BinaryWriter } from "./binary.ts";
import { BYTES_PER_FUEL_BITS, COST, FUEL_PER_ELEMENT_BITS } from "./cost.ts";
import { HOOK_SLOT } from "./hooks.ts";
import { FC, OP } from "./opcodes.ts";
import { VALUE_TYPE } from "./value-type.ts";

/** Instructions, in rows for the eye. */
export type Code = readonly (number | Code)[];

const NO_RESULT = 0x40;
const NO_LOCALS = 0;
const ONE_I32_LOCAL = [1, 1, VALUE_TYPE.i32];

/** Bytes that are filled or copied in one go, as a power of two: it takes about a tenth of a millisecond. */
const CHUNK_BITS = 20;
const CHUNK_BYTES = 1 << CHUNK_BITS;
const CHUNK = [OP.i32Const, sleb(CHUNK_BYTES)];
const MINUS_ONE = [OP.i32Const, sleb(-1)];
const MAX_PAGES = [OP.i32Const, sleb(65_536)];

/** Calls the hook in `slot` with what is on the stack. */
export function hookBody(slot: number, type: number, hooks: number): Code {
  return [NO_LOCALS, callHook(slot, type, hooks), OP.end];
}

function callHook(slot: number, type: number, hooks: number): Code {
  return [OP.i32Const, slot, OP.callIndirect, leb(type), leb(hooks)];
}

/** `(amount) -> ()`: charges `amount`, and asks the hook if no fuel is left. */
export function spendBody(fuel: number, out: number): Code {
  const [amount] = [0];
  return [
    NO_LOCALS,
    [OP.globalGet, leb(fuel), OP.localGet, amount, OP.i64ExtendI32U, OP.i64Sub, OP.globalSet, leb(fuel)],
    [OP.globalGet, leb(fuel), OP.i64Const, 0, OP.i64LtS],
    [OP.if, NO_RESULT, OP.call, leb(out), OP.end],
    OP.end,
  ];
}

/** `(bytes) -> (bytes)`: charges for a length that is on the stack, and leaves it there. */
export function payBytesBody(spend: number): Code {
  const [bytes] = [0];
  return [NO_LOCALS, payForBytes(bytes, spend), OP.localGet, bytes, OP.end];
}

/** `(elements) -> (elements)`: charges for a number of elements that is on the stack, and leaves it there. */
export function payElementsBody(spend: number): Code {
  const [elements] = [0];
  return [
    NO_LOCALS,
    [OP.localGet, elements, OP.i32Const, FUEL_PER_ELEMENT_BITS, OP.i32Shl, OP.call, leb(spend)],
    [OP.localGet, elements],
    OP.end,
  ];
}

/**
 * `(delta) -> (previous size, or -1)`: `memory.grow`, if the hook allows it. A growth by nothing asks for the
 * size, and one by more than there can be fails, so the hook hears of neither.
 */
export function growBody(memory: number, spend: number, hookType: number, hooks: number): Code {
  const [delta, result] = [0, 1];
  const grow = [OP.memoryGrow, leb(memory)];
  const askHook = callHook(HOOK_SLOT.grow, hookType, hooks);
  return [
    ONE_I32_LOCAL,
    [OP.i32Const, sleb(COST.grow), OP.call, leb(spend)],
    [OP.localGet, delta, OP.i32Eqz, OP.if, NO_RESULT, OP.i32Const, 0, grow, OP.return, OP.end],
    [OP.localGet, delta, MAX_PAGES, OP.i32GtU, OP.if, NO_RESULT, MINUS_ONE, OP.return, OP.end],
    [OP.localGet, delta, askHook, OP.i32Eqz, OP.if, NO_RESULT, MINUS_ONE, OP.return, OP.end],
    [OP.localGet, delta, grow, OP.localTee, result, MINUS_ONE, OP.i32Eq],
    [OP.if, NO_RESULT, OP.i32Const, 0, OP.localGet, delta, OP.i32Sub, askHook, OP.drop, OP.end],
    [OP.localGet, result],
    OP.end,
  ];
}

/**
 * `(to, value, count) -> ()`: `memory.fill`, a chunk at a time. What is out of bounds is left to the instruction
 * itself, which traps before it writes anything.
 */
export function fillBody(memory: number, spend: number): Code {
  const [to, value, count] = [0, 1, 2];
  const fill = [OP.fc, FC.memoryFill, leb(memory)];
  return [
    NO_LOCALS,
    whileMoreThanChunk(count, fits(memory, to, count), [
      payForChunk(spend),
      [OP.localGet, to, OP.localGet, value, CHUNK, fill],
      add(to, CHUNK_BYTES),
    ]),
    payForBytes(count, spend),
    [OP.localGet, to, OP.localGet, value, OP.localGet, count, fill],
    OP.end,
  ];
}

/**
 * `(to, from, count) -> ()`: `memory.copy`, a chunk at a time, from the end if the ranges may overlap so that
 * otherwise bytes would be lost.
 */
export function copyBody(toMemory: number, fromMemory: number, spend: number): Code {
  const [to, from, count] = [0, 1, 2];
  const copy = [OP.fc, FC.memoryCopy, leb(toMemory), leb(fromMemory)];
  const bothFit = [fits(toMemory, to, count), fits(fromMemory, from, count), OP.i32And];
  const toIsLater = [OP.localGet, to, OP.localGet, from, OP.i32GtU];
  const lastChunk = (start: number): Code => [
    OP.localGet,
    start,
    OP.localGet,
    count,
    OP.i32Add,
    CHUNK,
    OP.i32Sub,
  ];
  const backwards = [payForChunk(spend), lastChunk(to), lastChunk(from), CHUNK, copy];
  const forwards = [
    payForChunk(spend),
    [OP.localGet, to, OP.localGet, from, CHUNK, copy],
    add(to, CHUNK_BYTES),
    add(from, CHUNK_BYTES),
  ];
  return [
    NO_LOCALS,
    toMemory === fromMemory ? whileMoreThanChunk(count, [bothFit, toIsLater, OP.i32And], backwards) : [],
    whileMoreThanChunk(count, bothFit, forwards),
    payForBytes(count, spend),
    [OP.localGet, to, OP.localGet, from, OP.localGet, count, copy],
    OP.end,
  ];
}

/** If `condition` holds: does `body` for each whole chunk in the local `count`, which has less than one then. */
function whileMoreThanChunk(count: number, condition: Code, body: Code): Code {
  const hasChunk = [OP.localGet, count, OP.i32Const, CHUNK_BITS, OP.i32ShrU];
  return [
    [hasChunk, OP.if, NO_RESULT, condition, OP.if, NO_RESULT, OP.loop, NO_RESULT],
    [body, add(count, -CHUNK_BYTES), hasChunk, OP.brIf, 0],
    [OP.end, OP.end, OP.end],
  ];
}

/** Whether as many bytes as the local `count` says, from where the local `start` says, are in a memory. */
function fits(memory: number, start: number, count: number): Code {
  return [
    [OP.localGet, start, OP.i64ExtendI32U, OP.localGet, count, OP.i64ExtendI32U, OP.i64Add],
    [OP.memorySize, leb(memory), OP.i64ExtendI32U, OP.i64Const, 16, OP.i64Shl],
    OP.i64LeU,
  ];
}

function payForChunk(spend: number): Code {
  return [OP.i32Const, sleb(CHUNK_BYTES >> BYTES_PER_FUEL_BITS), OP.call, leb(spend)];
}

function payForBytes(count: number, spend: number): Code {
  return [OP.localGet, count, OP.i32Const, BYTES_PER_FUEL_BITS, OP.i32ShrU, OP.call, leb(spend)];
}

function add(local: number, amount: number): Code {
  return [OP.localGet, local, OP.i32Const, sleb(amount), OP.i32Add, OP.localSet, local];
}

function leb(value: number): Code {
  const writer = new BinaryWriter(5);
  writer.u32(value);
  return [...writer.finish()];
}

function sleb(value: number): Code {
  const writer = new BinaryWriter(5);
  writer.s32(value);
  return [...writer.finish()];
}
