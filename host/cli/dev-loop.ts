import { buildPlugin } from "../build/build-plugin.ts";
import type { BuildOptions, BuildResult } from "../build/build-result.ts";
import { SourceWatcher } from "../build/source-watcher.ts";
import { HostError } from "../core/error.ts";
import type { Host } from "../plugin/host.ts";
import type { DevReport } from "./dev-report.ts";
import { testApart } from "./test-apart.ts";

interface DevLoopOptions {
  /** The plugin's folder. */
  readonly dir: string;
  readonly build: BuildOptions;
  readonly report: DevReport;
  /** The file with the plugin's settings, if there is one. */
  readonly configOf: (plugin: string) => Promise<string | undefined>;
  readonly tests: boolean;
}

/**
 * Builds a plugin whenever its sources change, has a host take what was built, and tests it apart. What changes
 * while it is built is built next; tests of what is no longer served are ended.
 */
export class DevLoop implements AsyncDisposable {
  readonly #options: DevLoopOptions;
  readonly #ending = new AbortController();
  readonly #firstBuild = Promise.withResolvers<BuildResult>();
  #watcher: SourceWatcher | undefined;
  #host: Host | undefined;
  #round: Promise<void> | undefined;
  #again = false;
  /** What was told of the newest build: its component, or that there is none. */
  #told: BuildResult | "broken" | undefined;
  #testing = new AbortController();
  #tested: Promise<void> | undefined;

  private constructor(options: DevLoopOptions) {
    this.#options = options;
  }

  static async start(options: DevLoopOptions): Promise<DevLoop> {
    const loop = new DevLoop(options);
    loop.#watcher = await SourceWatcher.start(options.dir, () => loop.#hint());
    loop.#hint();
    return loop;
  }

  /** The first build that succeeds. */
  get firstBuild(): Promise<BuildResult> {
    return this.#firstBuild.promise;
  }

  /** From now on `host` takes what is built; the first build it has. */
  serve(host: Host): void {
    this.#host = host;
    void this.firstBuild.then((built) => this.#test(built));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    this.#testing.abort();
    await this.#watcher?.[Symbol.asyncDispose]();
    await this.#round;
    await this.#tested;
  }

  get #ended(): boolean {
    return this.#ending.signal.aborted;
  }

  #hint(): void {
    if (this.#ended) return;
    this.#again = true;
    this.#round ??= this.#buildUntilStill().finally(() => {
      this.#round = undefined;
    });
  }

  async #buildUntilStill(): Promise<void> {
    while (this.#again && !this.#ended) {
      this.#again = false;
      await this.#build();
    }
  }

  async #build(): Promise<void> {
    const { dir, build, report } = this.#options;
    const start = performance.now();
    report.building();
    try {
      const following = { onStep: (step: string) => report.buildStep(step), signal: this.#ending.signal };
      const built = await buildPlugin(dir, { ...build, ...following });
      this.#watcher?.follow(built.inputs);
      if (built.cached && typeof this.#told === "object") return report.notChanged();
      await this.#host?.reload(built.name);
      report.built(built, performance.now() - start);
      this.#told = built;
      this.#firstBuild.resolve(built);
      if (this.#host) this.#test(built);
    } catch (error) {
      if (!HostError.is(error)) throw error;
      if (this.#ended) return;
      this.#told = "broken";
      report.notBuilt(error, this.#host !== undefined);
    }
  }

  #test(built: BuildResult): void {
    const { report, tests, configOf } = this.#options;
    this.#testing.abort();
    if (!tests || this.#ended) return;
    const { signal } = (this.#testing = new AbortController());
    const before = this.#tested;
    this.#tested = (async () => {
      await before;
      if (signal.aborted) return;
      report.testing();
      const start = performance.now();
      const found = await testApart(built.file, await configOf(built.name), signal);
      if (found instanceof Error) report.notTested(found.message);
      else if (found) report.tested(found, performance.now() - start);
    })();
  }
}
