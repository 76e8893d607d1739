/** A plugin does not keep to the canonical ABI. The message says in which way. */
export class AbiViolation extends Error {
  override readonly name = "AbiViolation";
}
