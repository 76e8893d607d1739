// What the host is reading: blocks made for it, and arrays that it reads where they are. The collector moves
// nothing and frees nothing that stands here.
const blocks: usize[] = [];
const arrays: Uint8Array[] = [];

/** Where blocks stand side by side while there is room: all of them are taken back at once. */
const LENT_SIZE: usize = 4096;
const LENT: usize = memory.data(4096, 8);

let lentSize: usize = 0;

/** A block that lives until `reclaim`. */
export function lendBlock(size: usize): usize {
  if (size <= LENT_SIZE - lentSize) {
    const block = LENT + lentSize;
    // No record of the contract wants to be aligned to more.
    lentSize = (lentSize + size + 7) & ~7;
    return block;
  }
  const block = heap.alloc(size);
  blocks.push(block);
  return block;
}

/** The address of the bytes, which live and must not change until `reclaim`. */
export function lendBytes(bytes: Uint8Array): usize {
  arrays.push(bytes);
  return bytes.dataStart;
}

/** Takes back all that was lent. Called once the host has read it. */
export function reclaim(): void {
  for (let i = 0, n = blocks.length; i < n; i++) heap.free(unchecked(blocks[i]));
  blocks.length = 0;
  arrays.length = 0;
  lentSize = 0;
}

/** What the host calls when it has read a function's result: the `cabi_post_…` of every one. */
export function cabi_post(_result: usize): void {
  reclaim();
}
