// Counts the values of a JSON text: a loop over bytes with branches that are hard to foresee.

const TEXT =
  '{"id":12345,"name":"A plugin \\"quoted\\"","tags":["a","bc",true,null],"nested":{"x":1.5e3,"y":[1,2,3]}},';
const REPEATS = 2000;

export function run(rounds: i32): f64 {
  const unit = String.UTF8.encode(TEXT);
  const length = unit.byteLength * REPEATS;
  const start = heap.alloc(length);
  for (let i = 0; i < REPEATS; i++) {
    memory.copy(start + i * unit.byteLength, changetype<usize>(unit), unit.byteLength);
  }
  let sum: f64 = 0;
  for (let i = 0; i < rounds; i++) sum += <f64>scan(start, start + length);
  heap.free(start);
  return sum;
}

function scan(start: usize, end: usize): i32 {
  let at = start;
  let strings = 0;
  let numbers = 0;
  let depth = 0;
  let deepest = 0;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == 0x22) {
      at = afterString(at + 1, end);
      strings++;
    } else if (isDigit(byte)) {
      while (at < end && (isDigit(load<u8>(at)) || load<u8>(at) == 0x2e || load<u8>(at) == 0x65)) at++;
      numbers++;
    } else {
      if (byte == 0x5b || byte == 0x7b) {
        depth++;
        if (depth > deepest) deepest = depth;
      } else if (byte == 0x5d || byte == 0x7d) {
        depth--;
      }
      at++;
    }
  }
  return strings * 31 + numbers * 7 + deepest;
}

function afterString(start: usize, end: usize): usize {
  let at = start;
  while (at < end && load<u8>(at) != 0x22) at += load<u8>(at) == 0x5c ? 2 : 1;
  return at + 1;
}

function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}
