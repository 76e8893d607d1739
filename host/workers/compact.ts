/**
 * Makes a value fit to be cloned into another thread: where it holds a part of a larger buffer, a clone would carry
 * the whole buffer across. Changes the value in place.
 */
export function compact(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) {
    return value.byteLength === value.buffer.byteLength ? value : new Uint8Array(value);
  }
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(members)) {
    const member = members[key];
    if (typeof member !== "object" || member === null) continue;
    const compacted = compact(member);
    if (compacted !== member) members[key] = compacted;
  }
  return value;
}
