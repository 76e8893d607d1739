// Brightens and sums 256 KiB of bytes sixteen at a time.

const BYTES = 1 << 18;
const pixels = memory.data(1 << 18, 16);

export function run(rounds: i32): f64 {
  for (let i = 0; i < BYTES; i++) store<u8>(pixels + i, <u8>(i * 13));
  let sum: f64 = 0;
  for (let i = 0; i < rounds; i++) {
    brighten();
    sum += <f64>total();
  }
  return sum;
}

function brighten(): void {
  const step = i8x16.splat(3);
  for (let at = pixels; at < pixels + BYTES; at += 16) v128.store(at, v128.add<u8>(v128.load(at), step));
}

function total(): i32 {
  let sums = i32x4.splat(0);
  for (let at = pixels; at < pixels + BYTES; at += 16) {
    const pairs = i16x8.extadd_pairwise_i8x16_u(v128.load(at));
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(pairs));
  }
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}
