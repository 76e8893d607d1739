/** What a plugin may use. Every limit is enforced in the host's own thread. */
export interface EngineLimits {
  /** Milliseconds for a call, waiting included. */
  readonly timeoutMs: number;
  /** Milliseconds in which a call's own code runs. */
  readonly cpuMs: number;
  /** Bytes of linear memory of one instance. */
  readonly memoryBytes: number;
  /** Bytes of linear memory of all instances together. */
  readonly totalMemoryBytes: number;
  /** Elements of one table. */
  readonly tableElements: number;
  /** How many calls may wait for an instance. */
  readonly queueLength: number;
  /** "exact" makes the same call cost the same fuel on every run, at the price of some speed. */
  readonly fuel: "sliced" | "exact";
}
