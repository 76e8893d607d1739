/**
 * Gives the host memory for what it passes in: `cabi_realloc` of the canonical ABI.
 *
 * The blocks are on the unmanaged heap, where the collector neither sees nor frees them. Lifting copies what
 * they hold into objects and frees them.
 */
export function cabi_realloc(block: usize, oldSize: usize, alignment: usize, newSize: usize): usize {
  // The heap aligns to 16 bytes, which is more than the ABI ever asks for.
  if (newSize == 0) {
    if (oldSize) heap.free(block);
    return alignment;
  }
  return oldSize ? heap.realloc(block, newSize) : heap.alloc(newSize);
}

/**
 * Where results stand that do not fit into a register: those that an import writes, read at once, and those
 * that an export returns, written last. So one area is enough.
 *
 * The largest is that of `http-middleware.before`, 96 bytes; `auth-plugin.authenticate` wants an alignment of 8.
 */
export const AREA: usize = memory.data(96, 8);
