import { ServiceError } from "../../component/contract/service-error.ts";
import { HostError } from "../../core/error.ts";
import { type DatabaseUrl, parseDatabaseUrl, type ParsedDatabaseUrl } from "./database-url.ts";

/** What names of databases mean by the settings of one moment: a generation keeps to those that it began with. */
export class DatabaseNames {
  readonly urls: Readonly<Record<string, string>>;
  readonly #folder: string;

  /**
   * @param folder Where relative file names begin.
   * @throws HostError DATABASE_SETTING when a URL cannot be used
   */
  constructor(urls: Readonly<Record<string, string>>, folder: string) {
    this.urls = urls;
    this.#folder = folder;
    for (const [name, url] of Object.entries(urls)) {
      const parsed = this.parse(url);
      if (parsed.kind === "invalid") throw new HostError("DATABASE_SETTING", { name, reason: parsed.reason });
    }
  }

  has(name: string): boolean {
    return Object.hasOwn(this.urls, name);
  }

  /** What a URL means. */
  parse(url: string): ParsedDatabaseUrl {
    return parseDatabaseUrl(url, this.#folder);
  }

  /** @throws ServiceError `not-found` when there is no such name, `unsupported` for a URL that cannot be used. */
  resolve(name: string): DatabaseUrl {
    const url = this.has(name) ? this.urls[name] : undefined;
    if (url === undefined && !name.includes(":")) {
      throw new ServiceError("not-found", "The settings of the host have no database of this name.");
    }
    const parsed = this.parse(url ?? name);
    if (url === undefined && parsed.kind === "postgres" && parsed.authorities !== undefined) {
      // A plugin names no file of the host's.
      throw new ServiceError(
        "denied",
        "Only the settings of the host say sslrootcert: give the database a name there.",
      );
    }
    if (parsed.kind !== "invalid") return parsed;
    throw new ServiceError("unsupported", `This URL of a database cannot be used: ${parsed.reason}.`);
  }

  /** Says which database a name means, so that two meanings can be compared; nothing for what is no name. */
  meaningOf(name: string): string | undefined {
    if (!this.has(name)) return undefined;
    const url = this.resolve(name);
    // Those in memory are told apart by their names.
    return JSON.stringify(url.kind === "sqlite-memory" ? [url, name] : [url]);
  }

  meanings(): string[] {
    return Object.keys(this.urls).flatMap((name) => this.meaningOf(name) ?? []);
  }

  /** The files of those that have one. */
  files(): string[] {
    return Object.values(this.urls).flatMap((url) => {
      const parsed = this.parse(url);
      return parsed.kind === "sqlite-file" ? [parsed.file] : [];
    });
  }
}
