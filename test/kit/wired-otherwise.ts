/**
 * The same component with the type of a core function in it that nothing uses: no compiler writes one there, so it
 * is refused.
 */
export function wiredOtherwise(component: Uint8Array): Uint8Array {
  return Buffer.concat([component, Buffer.from("030401600000", "hex")]);
}
