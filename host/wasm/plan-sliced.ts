import { EDIT, type BodyEdits } from "./body-edits.ts";
import type { BulkMetering } from "./bulk-metering.ts";
import { ControlFrame, FRAME, PAID, Paths } from "./control-frame.ts";
import { COST, MAX_UNCHECKED, MAX_UNPAID } from "./cost.ts";
import type { IndexSpace } from "./index-space.ts";
import type { InstructionReader } from "./instruction-reader.ts";
import { OP } from "./opcodes.ts";

const MAX_DEPTH = 100_000;
/** Instructions in a loop that is put inside a copy of its own head: engines unroll no larger ones. */
const MAX_WRAPPED = 200;

/** More than the longest function takes, and small enough that a counter cannot overflow. */
const MAX_AMOUNT = 1 << 30;

const IS_STRAIGHT = new Uint8Array(256).fill(1);
for (const op of [
  [OP.unreachable, OP.return, OP.br, OP.brIf, OP.brTable, OP.brOnNull, OP.brOnNonNull],
  [OP.block, OP.loop, OP.if, OP.else, OP.end],
  [OP.try, OP.catch, OP.catchAll, OP.delegate, OP.tryTable, OP.throw, OP.rethrow, OP.throwRef],
  [OP.call, OP.callIndirect, OP.callRef, OP.returnCall, OP.returnCallIndirect, OP.returnCallRef],
  [OP.memoryGrow, OP.fc],
].flat()) {
  IS_STRAIGHT[op] = 0;
}

/**
 * Plans how a function pays for what it does when it need not be exact: an instruction costs one unit, and of
 * several paths the longest is paid. What is charged is never less than what is run, but for what the counter
 * of the function that runs holds.
 *
 * - A function pays before its first call or loop, or when it has run for a while: never, if it is short and
 *   calls nothing. Every circle of calls goes through a payment, for it goes through a call.
 * - A loop with calls in it pays each round.
 * - A loop without counts each round in a local, and pays when there is enough to pay for (`FuelCode`). What is
 *   left is paid before the next call and before the function ends.
 * - A loop without calls and without loops in it is put inside a copy of its own head: to pay it leaves the
 *   inner loop, and comes in again by the outer one. The engine then sees an inner loop without any call, which
 *   it unrolls. Branches out of it pass one more label.
 */
export class SlicedPlanner {
  readonly #space: IndexSpace;
  readonly #bulk: BulkMetering;
  readonly #edits: BodyEdits;
  readonly #frames: ControlFrame[] = [];
  /** Those of `#frames` that are loops. */
  readonly #loops: ControlFrame[] = [];
  /** The paths to where the planner stands. */
  readonly #here = new Paths();
  /** Those to somewhere else, while they are needed. */
  readonly #elsewhere = new Paths();
  /** The edits by which the function pays for itself: how much, is known at its end. */
  readonly #payments: number[] = [];
  #depth = -1;
  #loopDepth = 0;
  /** Where the instructions begin that run if and only if the one that is looked at is reached. */
  #runStart = 0;
  #counts = false;

  constructor(space: IndexSpace, bulk: BulkMetering, edits: BodyEdits) {
    this.#space = space;
    this.#bulk = bulk;
    this.#edits = edits;
  }

  /** Whether the function that was planned last needs a local to count in. */
  get counts(): boolean {
    return this.#counts;
  }

  /** Plans the function at whose first instruction `reader` stands. */
  plan(reader: InstructionReader): void {
    this.#depth = -1;
    this.#loopDepth = 0;
    this.#counts = false;
    this.#payments.length = 0;
    this.#here.clear();
    this.#here.owed = 0;
    this.#runStart = reader.offset;
    this.#open(reader, FRAME.function);
    let run = 0;
    while (this.#depth >= 0) {
      const op = reader.next();
      run++;
      const isStraight = IS_STRAIGHT[op] === 1;
      if (isStraight && run <= MAX_UNCHECKED) continue;
      this.#here.walk(run);
      run = 0;
      if (!isStraight) this.#control(reader, op);
      this.#runStart = reader.offset;
      if (isStraight) this.#payIfLong();
    }
    if (!reader.atEnd) reader.fail("a function goes on after its end");
    const amount = Math.min((this.#frames[0] as ControlFrame).most, MAX_AMOUNT);
    for (const edit of this.#payments) this.#edits.decide(edit, EDIT.payAndCheck, amount);
  }

  #control(reader: InstructionReader, op: number): void {
    switch (op) {
      case OP.block:
        return this.#open(reader, FRAME.block);
      case OP.if:
        return this.#open(reader, FRAME.if);
      case OP.loop:
        return this.#openLoop(reader);
      case OP.else:
        return this.#else(reader);
      case OP.end:
        return this.#end(reader);
      case OP.brIf:
      case OP.brOnNull:
      case OP.brOnNonNull:
        return this.#branch(reader, EDIT.payCountedAndCheck);
      case OP.br:
        this.#branch(reader, EDIT.payCounted);
        return this.#stop();
      case OP.brTable:
        return this.#branchTable(reader);
      case OP.return:
      case OP.unreachable:
        this.#leave(EDIT.payCounted);
        return this.#stop();
      case OP.memoryGrow:
      case OP.fc:
        return this.#here.walk(this.#bulk.plan(reader, op, this.#edits));
      default:
        return this.#callOrException(reader, op);
    }
  }

  #callOrException(reader: InstructionReader, op: number): void {
    switch (op) {
      case OP.call:
        return this.#call(reader.index < this.#space.importedFunctions ? COST.hostCall : COST.call);
      case OP.callIndirect:
      case OP.callRef:
        return this.#call(COST.call);
      case OP.returnCall:
      case OP.returnCallIndirect:
      case OP.returnCallRef:
        this.#call(COST.hostCall);
        return this.#stop();
      case OP.throw:
      case OP.rethrow:
      case OP.throwRef:
        this.#call(COST.throw);
        return this.#stop();
      case OP.try:
        this.#open(reader, FRAME.try);
        return this.#markCalls();
      case OP.tryTable:
        this.#open(reader, FRAME.tryTable);
        this.#top().immediates = reader.immediates;
        return this.#markCalls();
      case OP.catch:
      case OP.catchAll:
        return this.#catch(reader);
      case OP.delegate:
        if (this.#top().kind !== FRAME.try) reader.fail("a delegate without its try", reader.start);
        return this.#end(reader);
    }
  }

  #top(): ControlFrame {
    return this.#frames[this.#depth] as ControlFrame;
  }

  #innermostLoop(): ControlFrame {
    return this.#loops[this.#loopDepth - 1] as ControlFrame;
  }

  #open(reader: InstructionReader, kind: number): void {
    this.#payIfLong();
    const depth = ++this.#depth;
    if (depth > MAX_DEPTH) reader.refuse(`blocks nested more than ${MAX_DEPTH} deep`, reader.start);
    const frame = (this.#frames[depth] ??= new ControlFrame());
    frame.kind = kind;
    frame.loops = this.#loopDepth;
    frame.atStart.copy(this.#here);
    frame.atEnd.clear();
    frame.most = 0;
  }

  #openLoop(reader: InstructionReader): void {
    if (this.#here.owed !== PAID) this.#pay();
    if (this.#loopDepth > 0) this.#unwrap(this.#innermostLoop());
    this.#open(reader, FRAME.loop);
    const frame = this.#top();
    this.#loops[this.#loopDepth++] = frame;
    frame.calls = false;
    // One byte from here on is no type index. A loop with parameters would need them again at the outer head.
    const blockType = reader.bytes[reader.immediates] as number;
    frame.wrapped = blockType >= 0x40 && blockType < 0x80;
    frame.repeatEdit = this.#edits.replace(reader.start, reader.offset, EDIT.none, 0);
    frame.headEdit = this.#edits.insert(reader.offset, EDIT.none, 0);
    this.#here.clear();
  }

  #else(reader: InstructionReader): void {
    const frame = this.#top();
    if (frame.kind !== FRAME.if) reader.fail("an else without its if", reader.start);
    this.#closeArm(frame);
    frame.kind = FRAME.else;
    this.#here.copy(frame.atStart);
  }

  #catch(reader: InstructionReader): void {
    const frame = this.#top();
    if (frame.kind !== FRAME.try) reader.fail("a catch without its try", reader.start);
    this.#closeArm(frame);
    this.#here.copy(this.#thrownIn(frame));
  }

  /** The paths that lead from a try to its handlers. What is thrown comes out of where everything was paid. */
  #thrownIn(frame: ControlFrame): Paths {
    const thrown = this.#elsewhere;
    thrown.clear();
    thrown.longest = frame.most;
    thrown.owed = frame.atStart.owed;
    return thrown;
  }

  #closeArm(frame: ControlFrame): void {
    this.#payIfLong();
    frame.most = Math.max(frame.most, this.#here.longest);
    frame.atEnd.join(this.#here);
  }

  #end(reader: InstructionReader): void {
    const frame = this.#top();
    if (this.#depth === 0) this.#leave(EDIT.payCounted);
    this.#closeArm(frame);
    this.#depth--;
    if (frame.kind === FRAME.loop) return this.#endLoop(reader, frame);
    this.#here.copy(frame.atEnd);
    if (frame.kind === FRAME.if) this.#here.join(frame.atStart);
    if (frame.kind === FRAME.tryTable) {
      const thrown = this.#thrownIn(frame);
      for (const label of reader.catchLabels(frame.immediates)) this.#land(reader, label, thrown);
    }
    if (this.#depth >= 0) this.#top().most = Math.max(this.#top().most, frame.most);
  }

  #endLoop(reader: InstructionReader, frame: ControlFrame): void {
    if (frame.most > MAX_WRAPPED) this.#unwrap(frame);
    this.#loopDepth--;
    const kind = frame.calls ? EDIT.payRound : frame.wrapped ? EDIT.countRoundWrapped : EDIT.countRound;
    this.#edits.decide(frame.headEdit, kind, Math.min(Math.max(1, frame.most), MAX_AMOUNT));
    if (frame.wrapped) {
      this.#edits.decide(frame.repeatEdit, EDIT.repeat, 0);
      this.#edits.insert(reader.offset, EDIT.end, 0);
    }
    this.#counts ||= !frame.calls;
    this.#here.longest = frame.atStart.longest;
    this.#here.counted ||= !frame.calls;
  }

  #branch(reader: InstructionReader, ifItLeaves: number): void {
    this.#payIfLong();
    const label = reader.index;
    if (label === this.#depth) this.#leave(ifItLeaves);
    if (this.#land(reader, label, this.#here)) {
      this.#edits.replace(reader.immediates, reader.offset, EDIT.label, label + 1);
    }
  }

  #branchTable(reader: InstructionReader): void {
    this.#payIfLong();
    if (reader.labels().some((label) => label === this.#depth)) this.#leave(EDIT.payCountedAndCheck);
    for (const label of reader.labels()) {
      if (this.#land(reader, label, this.#here)) {
        this.#edits.replace(reader.labelStart, reader.offset, EDIT.label, label + 1);
      }
    }
    this.#stop();
  }

  /**
   * Notes a branch on certain paths. Returns whether it leaves a loop that may come to stand in a copy of its
   * head.
   */
  #land(reader: InstructionReader, label: number, paths: Paths): boolean {
    const frame = this.#frames[this.#depth - label];
    if (!frame) reader.fail(`there is no label ${label}`, reader.start);
    // A branch to a loop goes to its head, where the next round is paid for.
    if (frame.kind === FRAME.loop) {
      return this.#loopDepth > frame.loops + 1 && this.#innermostLoop().wrapped;
    }
    if (this.#loopDepth === frame.loops) {
      frame.atEnd.join(paths);
      return false;
    }
    const outermostLeft = this.#loops[frame.loops] as ControlFrame;
    frame.atEnd.join(outermostLeft.atStart);
    frame.atEnd.unchecked = Math.max(frame.atEnd.unchecked, paths.unchecked);
    frame.atEnd.counted = true;
    return this.#innermostLoop().wrapped;
  }

  #call(cost: number): void {
    if (this.#here.owed !== PAID) this.#pay();
    if (this.#here.counted) this.#edits.insert(this.#runStart, EDIT.payCounted, 0);
    this.#here.counted = false;
    this.#here.walk(cost);
    this.#markCalls();
  }

  /** All loops around have calls in them. */
  #markCalls(): void {
    for (let i = this.#loopDepth - 1; i >= 0; i--) {
      const loop = this.#loops[i] as ControlFrame;
      if (loop.calls) return;
      loop.calls = true;
      this.#unwrap(loop);
    }
  }

  #unwrap(loop: ControlFrame): void {
    if (!loop.wrapped) return;
    loop.wrapped = false;
    // The labels that were changed since are all of branches out of this loop.
    for (let edit = loop.headEdit + 1; edit < this.#edits.count; edit++) {
      if (this.#edits.kindOf(edit) === EDIT.label) this.#edits.decide(edit, EDIT.none, 0);
    }
  }

  /** The function may end here: if a loop may also go on, there must be a check, for the count begins anew. */
  #leave(kind: number): void {
    if (this.#here.counted || this.#loopDepth > 0) this.#edits.insert(this.#runStart, kind, 0);
  }

  /** What follows is not reached from here. */
  #stop(): void {
    this.#payIfLong();
    this.#top().most = Math.max(this.#top().most, this.#here.longest);
    this.#here.clear();
  }

  #payIfLong(): void {
    if (this.#here.owed > MAX_UNPAID || this.#here.unchecked > MAX_UNCHECKED) this.#pay();
  }

  #pay(): void {
    const edit = this.#edits.insert(this.#runStart, EDIT.payAndCheck, 1);
    if (this.#here.owed !== PAID) this.#payments.push(edit);
    this.#here.owed = PAID;
    this.#here.unchecked = 0;
  }
}
