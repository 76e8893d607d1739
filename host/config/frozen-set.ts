/** A set that stays as it was made, also for those who do not read its type. */
export class FrozenSet<T> extends Set<T> {
  constructor(values: Iterable<T>) {
    super();
    for (const value of values) super.add(value);
  }

  override add(): never {
    throw new TypeError("This set is frozen.");
  }

  override delete(): never {
    throw new TypeError("This set is frozen.");
  }

  override clear(): never {
    throw new TypeError("This set is frozen.");
  }
}
