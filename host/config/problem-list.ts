import { didYouMean } from "../core/did-you-mean.ts";
import { HostError } from "../core/error.ts";
import type { Problem } from "../core/problem.ts";
import { formatPath, type Path } from "./path.ts";
import { createScrubber, maskSecrets } from "./scrub.ts";
import { NOWHERE, type Place } from "./source.ts";

interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly place: Place | undefined;
}

/** What is wrong with some settings, collected so that a person hears of everything at once. */
export class ProblemList {
  readonly #findings: Finding[] = [];
  #total = 0;
  #suggestions = 0;

  get total(): number {
    return this.#total;
  }

  /** `message` is one or more sentences; `place` is where the caret goes. */
  add(path: Path, message: string, place?: Place): void {
    this.#total++;
    if (this.#findings.length < MAX_SHOWN) this.#findings.push({ path, message, place });
  }

  /** ` Did you mean "x"?`, or nothing. Gives up when there are so many that the search would take long. */
  suggest(word: string, known: Iterable<string>): string {
    if (++this.#suggestions > MAX_SHOWN || word.length > 64) return "";
    return didYouMean(word, [...Iterator.from(known).take(500)]);
  }

  /** @throws HostError SETTINGS_INVALID if anything was added. No text of `secrets` is in it. */
  throwIfAny(file: string | undefined, secrets: ReadonlySet<string>): void {
    if (this.#total === 0) return;
    const scrub = createScrubber(secrets);
    const findings = this.#findings.toSorted(inOrderOfPlaces);
    const problems = findings.map((finding) =>
      problemOf(finding, scrub, (line) => maskSecrets(line, secrets)),
    );
    throw new HostError("SETTINGS_INVALID", { file, problems, total: this.#total });
  }
}

const MAX_SHOWN = 50;

/** As a person reads: file by file, from the top. */
function inOrderOfPlaces({ place: a = NOWHERE }: Finding, { place: b = NOWHERE }: Finding): number {
  const [file, other] = [a.source.file ?? "", b.source.file ?? ""];
  if (file !== other) return file < other ? -1 : 1;
  return a.offset - b.offset;
}

type TextMap = (text: string) => string;

function problemOf({ path, message, place = NOWHERE }: Finding, scrub: TextMap, mask: TextMap): Problem {
  const text = { path: formatPath(path).slice(0, 300), message: scrub(message) };
  if (place === NOWHERE) return text;
  const { source, offset } = place;
  const excerpt = source.excerptAt(offset, mask);
  if (source.file === undefined) return { ...text, excerpt };
  return { ...text, file: source.file, ...source.positionAt(offset), excerpt };
}
