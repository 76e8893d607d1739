/** On every path the function has paid for itself. */
export const PAID = -1;

/** What is known of all paths that lead to one place in a function. */
export class Paths {
  /** Instructions on the longest of them, from the head of the innermost loop or the start of the function. */
  longest = 0;
  /** Instructions on the one of them that is longest without a check of the fuel. */
  unchecked = 0;
  /** Instructions on the one of them that is longest without the function having paid for itself, or PAID. */
  owed = PAID;
  /** Whether on one of them the function's counter may hold what was not charged yet. */
  counted = false;

  /** Nothing leads here yet. */
  clear(): void {
    this.longest = 0;
    this.unchecked = 0;
    this.owed = PAID;
    this.counted = false;
  }

  copy(other: Paths): void {
    this.clear();
    this.join(other);
  }

  /** Takes more paths in. */
  join(other: Paths): void {
    this.longest = Math.max(this.longest, other.longest);
    this.unchecked = Math.max(this.unchecked, other.unchecked);
    this.owed = Math.max(this.owed, other.owed);
    this.counted ||= other.counted;
  }

  /** Takes in the instructions that lead on from here. */
  walk(instructions: number): void {
    this.longest += instructions;
    this.unchecked += instructions;
    if (this.owed !== PAID) this.owed += instructions;
  }
}

export const FRAME = { function: 0, block: 1, if: 2, else: 3, loop: 4, try: 5, tryTable: 6 } as const;

/** A block, loop or function that is open where the planner stands. */
export class ControlFrame {
  kind = 0;
  /** How many loops are around it, itself not counted. */
  loops = 0;
  readonly atStart = new Paths();
  readonly atEnd = new Paths();
  /** Instructions on the longest path that was seen in it, whether it leads to its end or not. */
  most = 0;
  /** Of a `try_table`: where its immediates stand. */
  immediates = 0;
  /** Of a loop: the edit that may repeat its head, and the one behind its head. */
  repeatEdit = 0;
  headEdit = 0;
  /** Of a loop: whether it contains a call. */
  calls = false;
  /** Of a loop: whether it stands in a copy of its own head. */
  wrapped = false;
}
