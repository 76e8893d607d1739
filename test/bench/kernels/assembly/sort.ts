// Quicksort of 100,000 numbers: very short inner loops, and recursion.

const COUNT = 100_000;
const numbers = memory.data(400_000, 16);

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < rounds; i++) {
    let seed: u32 = 777 + i;
    for (let at = 0; at < COUNT; at++) {
      seed ^= seed << 13;
      seed ^= seed >> 17;
      seed ^= seed << 5;
      store<u32>(numbers + at * 4, seed);
    }
    sort(0, COUNT - 1);
    sum += <f64>load<u32>(numbers + COUNT * 2);
  }
  return sum;
}

function sort(low: i32, high: i32): void {
  if (low >= high) return;
  const pivot = load<u32>(numbers + ((low + high) >> 1) * 4);
  let left = low;
  let right = high;
  while (left <= right) {
    while (load<u32>(numbers + left * 4) < pivot) left++;
    while (load<u32>(numbers + right * 4) > pivot) right--;
    if (left <= right) {
      const swapped = load<u32>(numbers + left * 4);
      store<u32>(numbers + left * 4, load<u32>(numbers + right * 4));
      store<u32>(numbers + right * 4, swapped);
      left++;
      right--;
    }
  }
  sort(low, right);
  sort(left, high);
}
