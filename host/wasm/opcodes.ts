/**
 * The instructions that this host runs, as one table: what stands behind each opcode.
 *
 * A row is the first opcode, the shape of the immediates, and the names of that and the following opcodes in
 * the text format; `_` is an opcode that is not assigned. What is not in the table is refused.
 *
 * @see https://webassembly.github.io/spec/core/appendix/index-instructions.html
 */
type Row = readonly [first: number, shape: Shape, names: string];

/** What stands behind an opcode. */
type Shape =
  | "none"
  // Structure
  | "blocktype"
  | "try_table"
  | "label"
  | "label*"
  // Indices
  | "local"
  | "global"
  | "function"
  | "type"
  | "type table"
  | "table"
  | "table table"
  | "element"
  | "element table"
  | "memory"
  | "memory memory"
  | "data"
  | "data memory"
  | "tag"
  // Memory accesses: alignment, perhaps a memory, offset
  | "memarg"
  | "memarg lane"
  // Constants
  | "i32"
  | "i64"
  | "4 bytes"
  | "8 bytes"
  | "16 bytes"
  | "lane"
  // Types
  | "heaptype"
  | "valuetype*"
  // Opcodes behind opcodes
  | "prefix"
  // Known and not run
  | "garbage collection"
  | "threads"
  | "stack switching";

const PLAIN: readonly Row[] = [
  [0x00, "none", "unreachable nop"],
  [0x02, "blocktype", "block loop if"],
  [0x05, "none", "else"],
  [0x06, "blocktype", "try"],
  [0x07, "tag", "catch throw"],
  [0x09, "label", "rethrow"],
  [0x0a, "none", "throw_ref end"],
  [0x0c, "label", "br br_if"],
  [0x0e, "label*", "br_table"],
  [0x0f, "none", "return"],
  [0x10, "function", "call"],
  [0x11, "type table", "call_indirect"],
  [0x12, "function", "return_call"],
  [0x13, "type table", "return_call_indirect"],
  [0x14, "type", "call_ref return_call_ref"],
  [0x18, "label", "delegate"],
  [0x19, "none", "catch_all drop select"],
  [0x1c, "valuetype*", "select"],
  [0x1f, "try_table", "try_table"],
  [0x20, "local", "local.get local.set local.tee"],
  [0x23, "global", "global.get global.set"],
  [0x25, "table", "table.get table.set"],
  [0x28, "memarg", "i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u"],
  [0x30, "memarg", "i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u"],
  [0x36, "memarg", "i32.store i64.store f32.store f64.store"],
  [0x3a, "memarg", "i32.store8 i32.store16 i64.store8 i64.store16 i64.store32"],
  [0x3f, "memory", "memory.size memory.grow"],
  [0x41, "i32", "i32.const"],
  [0x42, "i64", "i64.const"],
  [0x43, "4 bytes", "f32.const"],
  [0x44, "8 bytes", "f64.const"],
  [
    0x45,
    "none",
    "i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u",
  ],
  [
    0x50,
    "none",
    "i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u",
  ],
  [0x5b, "none", "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge"],
  [0x61, "none", "f64.eq f64.ne f64.lt f64.gt f64.le f64.ge"],
  [
    0x67,
    "none",
    "i32.clz i32.ctz i32.popcnt i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u",
  ],
  [0x71, "none", "i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr"],
  [
    0x79,
    "none",
    "i64.clz i64.ctz i64.popcnt i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u",
  ],
  [0x83, "none", "i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr"],
  [0x8b, "none", "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt"],
  [0x92, "none", "f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign"],
  [0x99, "none", "f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt"],
  [0xa0, "none", "f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign"],
  [0xa7, "none", "i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u"],
  [0xac, "none", "i64.extend_i32_s i64.extend_i32_u"],
  [0xae, "none", "i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u"],
  [0xb2, "none", "f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64"],
  [0xb7, "none", "f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32"],
  [0xbc, "none", "i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64"],
  [0xc0, "none", "i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s"],
  [0xd0, "heaptype", "ref.null"],
  [0xd1, "none", "ref.is_null"],
  [0xd2, "function", "ref.func"],
  [0xd3, "garbage collection", "ref.eq"],
  [0xd4, "none", "ref.as_non_null"],
  [0xd5, "label", "br_on_null br_on_non_null"],
  [0xe0, "stack switching", "cont.new cont.bind suspend resume resume_throw resume_throw_ref switch"],
  [0xfb, "garbage collection", "struct-array-i31-cast"],
  [0xfc, "prefix", "saturation-and-bulk"],
  [0xfd, "prefix", "simd"],
  [0xfe, "threads", "atomics"],
];

const BEHIND_FC: readonly Row[] = [
  [0, "none", "i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u"],
  [4, "none", "i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u"],
  [8, "data memory", "memory.init"],
  [9, "data", "data.drop"],
  [10, "memory memory", "memory.copy"],
  [11, "memory", "memory.fill"],
  [12, "element table", "table.init"],
  [13, "element", "elem.drop"],
  [14, "table table", "table.copy"],
  [15, "table", "table.grow table.size table.fill"],
];

const BEHIND_FD: readonly Row[] = [
  [0x00, "memarg", "v128.load v128.load8x8_s v128.load8x8_u v128.load16x4_s v128.load16x4_u v128.load32x2_s"],
  [0x06, "memarg", "v128.load32x2_u v128.load8_splat v128.load16_splat v128.load32_splat v128.load64_splat"],
  [0x0b, "memarg", "v128.store"],
  [0x0c, "16 bytes", "v128.const i8x16.shuffle"],
  [0x0e, "none", "i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat"],
  [0x15, "lane", "i8x16.extract_lane_s i8x16.extract_lane_u i8x16.replace_lane i16x8.extract_lane_s"],
  [0x19, "lane", "i16x8.extract_lane_u i16x8.replace_lane i32x4.extract_lane i32x4.replace_lane"],
  [0x1d, "lane", "i64x2.extract_lane i64x2.replace_lane f32x4.extract_lane f32x4.replace_lane"],
  [0x21, "lane", "f64x2.extract_lane f64x2.replace_lane"],
  [0x23, "none", "i8x16.eq i8x16.ne i8x16.lt_s i8x16.lt_u i8x16.gt_s i8x16.gt_u i8x16.le_s i8x16.le_u"],
  [0x2b, "none", "i8x16.ge_s i8x16.ge_u i16x8.eq i16x8.ne i16x8.lt_s i16x8.lt_u i16x8.gt_s i16x8.gt_u"],
  [0x33, "none", "i16x8.le_s i16x8.le_u i16x8.ge_s i16x8.ge_u i32x4.eq i32x4.ne i32x4.lt_s i32x4.lt_u"],
  [0x3b, "none", "i32x4.gt_s i32x4.gt_u i32x4.le_s i32x4.le_u i32x4.ge_s i32x4.ge_u"],
  [0x41, "none", "f32x4.eq f32x4.ne f32x4.lt f32x4.gt f32x4.le f32x4.ge"],
  [0x47, "none", "f64x2.eq f64x2.ne f64x2.lt f64x2.gt f64x2.le f64x2.ge"],
  [0x4d, "none", "v128.not v128.and v128.andnot v128.or v128.xor v128.bitselect v128.any_true"],
  [0x54, "memarg lane", "v128.load8_lane v128.load16_lane v128.load32_lane v128.load64_lane"],
  [0x58, "memarg lane", "v128.store8_lane v128.store16_lane v128.store32_lane v128.store64_lane"],
  [0x5c, "memarg", "v128.load32_zero v128.load64_zero"],
  [0x5e, "none", "f32x4.demote_f64x2_zero f64x2.promote_low_f32x4"],
  [0x60, "none", "i8x16.abs i8x16.neg i8x16.popcnt i8x16.all_true i8x16.bitmask"],
  [
    0x65,
    "none",
    "i8x16.narrow_i16x8_s i8x16.narrow_i16x8_u f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest",
  ],
  [0x6b, "none", "i8x16.shl i8x16.shr_s i8x16.shr_u i8x16.add i8x16.add_sat_s i8x16.add_sat_u"],
  [0x71, "none", "i8x16.sub i8x16.sub_sat_s i8x16.sub_sat_u f64x2.ceil f64x2.floor"],
  [0x76, "none", "i8x16.min_s i8x16.min_u i8x16.max_s i8x16.max_u f64x2.trunc i8x16.avgr_u"],
  [0x7c, "none", "i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u"],
  [0x7e, "none", "i32x4.extadd_pairwise_i16x8_s i32x4.extadd_pairwise_i16x8_u"],
  [0x80, "none", "i16x8.abs i16x8.neg i16x8.q15mulr_sat_s i16x8.all_true i16x8.bitmask"],
  [
    0x85,
    "none",
    "i16x8.narrow_i32x4_s i16x8.narrow_i32x4_u i16x8.extend_low_i8x16_s i16x8.extend_high_i8x16_s",
  ],
  [0x89, "none", "i16x8.extend_low_i8x16_u i16x8.extend_high_i8x16_u i16x8.shl i16x8.shr_s i16x8.shr_u"],
  [0x8e, "none", "i16x8.add i16x8.add_sat_s i16x8.add_sat_u i16x8.sub i16x8.sub_sat_s i16x8.sub_sat_u"],
  [0x94, "none", "f64x2.nearest i16x8.mul i16x8.min_s i16x8.min_u i16x8.max_s i16x8.max_u _ i16x8.avgr_u"],
  [0x9c, "none", "i16x8.extmul_low_i8x16_s i16x8.extmul_high_i8x16_s"],
  [0x9e, "none", "i16x8.extmul_low_i8x16_u i16x8.extmul_high_i8x16_u"],
  [0xa0, "none", "i32x4.abs i32x4.neg _ i32x4.all_true i32x4.bitmask _ _ i32x4.extend_low_i16x8_s"],
  [0xa8, "none", "i32x4.extend_high_i16x8_s i32x4.extend_low_i16x8_u i32x4.extend_high_i16x8_u"],
  [0xab, "none", "i32x4.shl i32x4.shr_s i32x4.shr_u i32x4.add _ _ i32x4.sub _ _ _ i32x4.mul"],
  [0xb6, "none", "i32x4.min_s i32x4.min_u i32x4.max_s i32x4.max_u i32x4.dot_i16x8_s"],
  [0xbc, "none", "i32x4.extmul_low_i16x8_s i32x4.extmul_high_i16x8_s"],
  [0xbe, "none", "i32x4.extmul_low_i16x8_u i32x4.extmul_high_i16x8_u"],
  [0xc0, "none", "i64x2.abs i64x2.neg _ i64x2.all_true i64x2.bitmask _ _ i64x2.extend_low_i32x4_s"],
  [0xc8, "none", "i64x2.extend_high_i32x4_s i64x2.extend_low_i32x4_u i64x2.extend_high_i32x4_u"],
  [0xcb, "none", "i64x2.shl i64x2.shr_s i64x2.shr_u i64x2.add _ _ i64x2.sub _ _ _ i64x2.mul"],
  [0xd6, "none", "i64x2.eq i64x2.ne i64x2.lt_s i64x2.gt_s i64x2.le_s i64x2.ge_s"],
  [0xdc, "none", "i64x2.extmul_low_i32x4_s i64x2.extmul_high_i32x4_s"],
  [0xde, "none", "i64x2.extmul_low_i32x4_u i64x2.extmul_high_i32x4_u"],
  [0xe0, "none", "f32x4.abs f32x4.neg _ f32x4.sqrt f32x4.add f32x4.sub f32x4.mul f32x4.div"],
  [0xe8, "none", "f32x4.min f32x4.max f32x4.pmin f32x4.pmax"],
  [0xec, "none", "f64x2.abs f64x2.neg _ f64x2.sqrt f64x2.add f64x2.sub f64x2.mul f64x2.div"],
  [0xf4, "none", "f64x2.min f64x2.max f64x2.pmin f64x2.pmax"],
  [
    0xf8,
    "none",
    "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u",
  ],
  [0xfc, "none", "i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero"],
  [0xfe, "none", "f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u"],
  // From here on relaxed SIMD: the results of these may differ between machines.
  [0x100, "none", "i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u"],
  [0x103, "none", "i32x4.relaxed_trunc_f64x2_s_zero i32x4.relaxed_trunc_f64x2_u_zero"],
  [0x105, "none", "f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd"],
  [0x109, "none", "i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect"],
  [0x10c, "none", "i64x2.relaxed_laneselect f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min"],
  [0x110, "none", "f64x2.relaxed_max i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s"],
  [0x113, "none", "i32x4.relaxed_dot_i8x16_i7x16_add_s"],
];

/** Everything from here on behind the prefix of SIMD is relaxed. */
export const FIRST_RELAXED_SIMD = 0x100;

/** The shapes as numbers, for a table that is read once an instruction; 0 is an opcode that is not known. */
export const SHAPE = {
  none: 1,
  blocktype: 2,
  try_table: 3,
  label: 4,
  "label*": 5,
  local: 6,
  global: 7,
  function: 8,
  type: 9,
  "type table": 10,
  table: 11,
  "table table": 12,
  element: 13,
  "element table": 14,
  memory: 15,
  "memory memory": 16,
  data: 17,
  "data memory": 18,
  tag: 19,
  memarg: 20,
  "memarg lane": 21,
  i32: 22,
  i64: 23,
  "4 bytes": 24,
  "8 bytes": 25,
  "16 bytes": 26,
  lane: 27,
  heaptype: 28,
  "valuetype*": 29,
  prefix: 30,
  "garbage collection": 31,
  threads: 32,
  "stack switching": 33,
} as const satisfies Record<Shape, number>;

/** By opcode, the number of the shape. */
export const PLAIN_SHAPES = shapesOf(PLAIN, 0x100);
/** By what follows the opcode 0xfc. */
export const FC_SHAPES = shapesOf(BEHIND_FC, 0x20);
/** By what follows the opcode 0xfd. */
export const FD_SHAPES = shapesOf(BEHIND_FD, 0x120);

function shapesOf(rows: readonly Row[], size: number): Uint8Array {
  const shapes = new Uint8Array(size);
  for (const [first, shape, names] of rows) {
    for (const [i, name] of names.split(" ").entries()) if (name !== "_") shapes[first + i] = SHAPE[shape];
  }
  return shapes;
}

/** The opcodes that the rewrite looks for or writes. */
export const OP = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  throwRef: 0x0a,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  callRef: 0x14,
  returnCallRef: 0x15,
  delegate: 0x18,
  catchAll: 0x19,
  drop: 0x1a,
  tryTable: 0x1f,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32GtS: 0x4a,
  i32GtU: 0x4b,
  i64LtS: 0x53,
  i64LeU: 0x58,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32And: 0x71,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Shl: 0x86,
  i64ExtendI32U: 0xad,
  brOnNull: 0xd5,
  brOnNonNull: 0xd6,
  fc: 0xfc,
  fd: 0xfd,
} as const;

/** What the rewrite looks for or writes behind the opcode 0xfc. */
export const FC = {
  memoryInit: 8,
  memoryCopy: 10,
  memoryFill: 11,
  tableInit: 12,
  tableCopy: 14,
  tableGrow: 15,
  tableFill: 17,
} as const;
