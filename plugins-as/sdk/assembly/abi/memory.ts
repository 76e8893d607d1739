/**
 * Where blocks stand side by side that the host passes in. Together they are small as a rule, and taken over at once:
 * when the last one has been, all of it is free again.
 */
const BLOCKS_SIZE: usize = 4096;
const BLOCKS: usize = memory.data(4096, 8);

/** How much of that is taken. Not where they end: what is not known to the compiler has to be computed at the start. */
let blocksUsed: usize = 0;
let blockCount: i32 = 0;

/**
 * Gives the host memory for what it passes in: `cabi_realloc` of the canonical ABI.
 *
 * The blocks are where the collector neither sees nor frees them. Lifting copies what they hold into objects and
 * frees them.
 */
export function cabi_realloc(block: usize, oldSize: usize, alignment: usize, newSize: usize): usize {
  const moved = newSize == 0 ? alignment : allocate(alignment, newSize);
  if (oldSize == 0) return moved;
  memory.copy(moved, block, min(oldSize, newSize));
  free(block);
  return moved;
}

function allocate(alignment: usize, size: usize): usize {
  const offset = (blocksUsed + alignment - 1) & ~(alignment - 1);
  // The heap aligns to 16 bytes, which is more than the ABI ever asks for.
  if (offset > BLOCKS_SIZE || size > BLOCKS_SIZE - offset) return heap.alloc(size);
  blocksUsed = offset + size;
  blockCount++;
  return BLOCKS + offset;
}

/** Frees a block that the host passed in. */
export function free(block: usize): void {
  if (block - BLOCKS >= BLOCKS_SIZE) heap.free(block);
  else if (--blockCount == 0) blocksUsed = 0;
}

/**
 * Where results stand that do not fit into a register: those that an import writes, read at once, and those
 * that an export returns, written last. So one area is enough.
 *
 * The largest is that of `http-middleware.before`, 96 bytes; `auth-plugin.authenticate` wants an alignment of 8.
 */
export const AREA: usize = memory.data(96, 8);
