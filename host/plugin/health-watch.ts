import type { Clock } from "../core/clock.ts";
import { HostError } from "../core/error.ts";

/** What came of the last look at a plugin's health. */
export interface HealthReport {
  readonly healthy: boolean;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly checkedAtMs: number;
  /** Why it is not healthy. */
  readonly problem?: { readonly code: string; readonly message: string } | undefined;
}

interface HealthWatchOptions {
  readonly clock: Clock;
  /** 0: never again after it has started. */
  readonly intervalMs: number;
  /** Whether a check would be in the way of calls now. It is left out then. */
  readonly isBusy: () => boolean;
  /** Throws a HostError if the plugin is not healthy. */
  readonly check: () => Promise<unknown>;
  /** Called when it is no longer healthy, with the reason, and when it is again. */
  readonly onChange: (problem: HostError | undefined) => void;
}

/**
 * Asks a plugin that serves for its health, again and again, and keeps what it said. Nothing else follows from it: a
 * plugin that is not healthy goes on serving, since nobody knows what its calls need.
 */
export class HealthWatch implements Disposable {
  readonly #options: HealthWatchOptions;
  #report: HealthReport;
  #cancel: () => void = () => undefined;
  #ended = false;

  /** It was healthy just now. */
  constructor(options: HealthWatchOptions) {
    this.#options = options;
    this.#report = { healthy: true, checkedAtMs: options.clock.now() };
    this.#schedule();
  }

  get report(): HealthReport {
    return this.#report;
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#cancel();
  }

  #schedule(): void {
    const { clock, intervalMs } = this.#options;
    if (intervalMs === 0 || this.#ended) return;
    this.#cancel = clock.after(intervalMs, () => void this.#look().finally(() => this.#schedule()));
  }

  async #look(): Promise<void> {
    const { clock, isBusy, check, onChange } = this.#options;
    if (isBusy()) return;
    const problem = await check().then(
      () => undefined,
      (error: unknown) => asHostError(error),
    );
    // What was asked of a plugin that is being ended says nothing.
    if (this.#ended) return;
    const wasHealthy = this.#report.healthy;
    const checkedAtMs = clock.now();
    this.#report = problem
      ? { healthy: false, checkedAtMs, problem: { code: problem.code, message: problem.message } }
      : { healthy: true, checkedAtMs };
    if (wasHealthy !== this.#report.healthy) onChange(problem);
  }
}

function asHostError(error: unknown): HostError {
  if (HostError.is(error)) return error;
  return new HostError("HOST_FAULT", { doing: "checked the health of a plugin" }, { cause: error });
}
