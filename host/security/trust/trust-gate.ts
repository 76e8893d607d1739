import { createHash } from "node:crypto";
import { HostError } from "../../core/error.ts";
import { compareVersions, parseVersion } from "../../config/version.ts";
import { DEFAULT_TRUST } from "../../config/complete-trust.ts";
import type { PluginSettings, Trust, TrustSettings } from "../../config/settings.ts";
import type { PublicKey } from "../signature/public-key.ts";
import type { SignedIdentity } from "../signature/signed-identity.ts";
import { findSigners, type FoundSigners, type Sidecars } from "./find-signers.ts";
import { readLockFile } from "./lock-file.ts";
import { isOwnersAlone } from "./owners-alone.ts";
import { isAmong, Revocations, type Revoked } from "./revocations.ts";
import { loadTrustStore, maySign, type StoredKey } from "./trust-store.ts";
import { VersionRecord } from "./version-record.ts";

/** What a host thinks of a build that it let in. */
export interface TrustVerdict {
  /**
   * "signed": by a key that may. "pinned": its hash stands in the settings. "untrusted": neither, and loaded all the
   * same. "unchecked": its settings say not to look.
   */
  readonly kind: "signed" | "pinned" | "untrusted" | "unchecked";
  /** As the settings call the keys. */
  readonly keys: readonly string[];
}

/** What is asked of a build. */
interface Candidate {
  readonly bytes: Uint8Array;
  readonly sidecars: Sidecars;
  readonly settings: Pick<PluginSettings, "name" | "path" | "trust" | "sha256">;
  /** Whether an older version than the one trusted last will do. */
  readonly older: boolean;
}

/** Who a plugin says it is. */
type Info = SignedIdentity;

/** A build that may be started. */
export interface Admission {
  readonly verdict: TrustVerdict;
  /** What would have refused it if its trust were "require". */
  readonly warnings: readonly HostError[];
  /**
   * Holds what the plugin says of itself against what was signed, before it is initialised.
   *
   * @throws HostError SIGNED_NAME, VERSION_OLDER, TRUST_RECORD
   */
  confirm(info: Info): Promise<void>;
  /** Remembers that this version was trusted, once it serves. @throws HostError TRUST_RECORD */
  settle(info: Info): Promise<void>;
}

/**
 * Decides which builds may run, before any of them does.
 *
 * What is signed is the file, all of it. A signature has no place for a name, so the key has: which plugins it may
 * sign stands in the settings. For which plugin and version a build was made is in the signed bytes, in a section
 * that `tusk sign` writes or else in what its `info` answers; either must be what it is loaded as, or whoever can
 * write to the folder could put one signed plugin, or an old version, in the place of another.
 */
export class TrustGate {
  #settings: TrustSettings = DEFAULT_TRUST;
  #keys: readonly StoredKey[] = [];
  #revocations = new Revocations(DEFAULT_TRUST.revoked);
  #record = new VersionRecord(undefined);

  /** @throws HostError KEY_UNREADABLE */
  static async create(settings: TrustSettings = DEFAULT_TRUST): Promise<TrustGate> {
    const gate = new TrustGate();
    (await gate.prepare(settings))();
    return gate;
  }

  /**
   * Makes ready to trust others.
   *
   * @returns What has them be trusted from now on.
   * @throws HostError KEY_UNREADABLE
   */
  async prepare(settings: TrustSettings): Promise<() => void> {
    const keys = await loadTrustStore(settings);
    const revocations = new Revocations(settings.revoked);
    return () => {
      if (settings.record !== this.#settings.record) this.#record = new VersionRecord(settings.record);
      this.#settings = settings;
      this.#keys = keys;
      this.#revocations = revocations;
    };
  }

  /**
   * Whether a build may be started.
   *
   * @throws HostError BUILD_REVOKED, KEY_REVOKED, REVOCATIONS_UNREADABLE, HASH_PINNED, LOCK_DIFFERS, LOCK_UNREADABLE,
   * whatever its trust
   * @throws HostError SIGNATURE_MISSING, SIGNATURE_INVALID, SIGNATURE_MALFORMED, SIGNER_UNKNOWN, SIGNER_NOT_ALLOWED,
   * SIGNED_NAME, VERSION_OLDER, TRUST_RECORD, if its trust is "require"
   * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED, BINARY_UNSUPPORTED
   */
  async admit(candidate: Candidate): Promise<Admission> {
    const { name: plugin, sha256: pinned } = candidate.settings;
    const found = createHash("sha256").update(candidate.bytes).digest("hex");
    if (pinned !== undefined && pinned !== found)
      throw new HostError("HASH_PINNED", { plugin, pinned, found });
    const revoked = await this.#revocations.read();
    this.#verifyNotRevoked(candidate, found, revoked);
    await this.#holdAgainstLock(plugin, found);
    if (pinned !== undefined) return admitted("pinned");
    const trust = await this.#trustIn(candidate.settings);
    if (trust === "off") return admitted("unchecked");
    return new SignedAdmission(candidate, trust, this.#record).decide(this.#keysBut(revoked));
  }

  /**
   * Whether a build that was let in has been revoked since.
   *
   * @throws HostError REVOCATIONS_UNREADABLE
   */
  async revocationOf(candidate: Omit<Candidate, "older">): Promise<HostError | undefined> {
    const found = createHash("sha256").update(candidate.bytes).digest("hex");
    const revoked = await this.#revocations.read();
    try {
      this.#verifyNotRevoked(candidate, found, revoked);
      return undefined;
    } catch (error) {
      if (HostError.is(error)) return error;
      throw error;
    }
  }

  /** A key that was revoked is no reason against a build that another key has signed, or whose hash the settings name. */
  #verifyNotRevoked(
    { bytes, sidecars, settings }: Omit<Candidate, "older">,
    hash: string,
    revoked: Revoked,
  ): void {
    const { name: plugin, path, sha256 } = settings;
    if (revoked.builds.has(hash)) throw new HostError("BUILD_REVOKED", { plugin, hash });
    if (sha256 !== undefined || revoked.keys.length === 0) return;
    const signers = (keys: readonly StoredKey[]) => signersOf(bytes, path, sidecars, keys);
    const named = revoked.keys.map((publicKey) => this.#known(publicKey));
    const [signer] = signers(named);
    if (!signer || signers(this.#keysBut(revoked)).some(({ key }) => maySign(key, plugin))) return;
    throw new HostError("KEY_REVOKED", { plugin, key: signer.key.name });
  }

  #keysBut({ keys }: Revoked): StoredKey[] {
    return this.#keys.filter(({ publicKey }) => !isAmong(keys, publicKey));
  }

  /** As the settings call it, if they do. */
  #known(publicKey: PublicKey): StoredKey {
    const known = this.#keys.find((stored) => isAmong([publicKey], stored.publicKey));
    return known ?? { name: publicKey.name, publicKey, plugins: [] };
  }

  async #holdAgainstLock(plugin: string, found: string): Promise<void> {
    const { lock: file } = this.#settings;
    if (file === undefined) return;
    const builds = await readLockFile(file);
    const locked = Object.hasOwn(builds, plugin) ? builds[plugin]?.sha256 : undefined;
    if (locked !== found) throw new HostError("LOCK_DIFFERS", { plugin, file, locked, found });
  }

  async #trustIn({ trust, path }: Candidate["settings"]): Promise<Trust> {
    return trust ?? this.#settings.default ?? ((await isOwnersAlone(path)) ? "warn" : "require");
  }
}

/** Nobody, where a signature or the file itself is damaged: that is for others to say. */
function signersOf(
  bytes: Uint8Array,
  path: string,
  sidecars: Sidecars,
  keys: readonly StoredKey[],
): FoundSigners["signers"] {
  try {
    return findSigners(bytes, path, sidecars, keys).signers;
  } catch (error) {
    if (HostError.is(error)) return [];
    throw error;
  }
}

/** A build that is let in without a look at who signed it. */
function admitted(kind: TrustVerdict["kind"]): Admission {
  return { verdict: { kind, keys: [] }, warnings: [], confirm: nothingMore, settle: nothingMore };
}

function nothingMore(): Promise<void> {
  return Promise.resolve();
}

class SignedAdmission implements Admission {
  readonly warnings: HostError[] = [];
  verdict: TrustVerdict = { kind: "untrusted", keys: [] };
  readonly #candidate: Candidate;
  readonly #trust: Trust;
  readonly #record: VersionRecord;
  #identity: SignedIdentity | undefined;

  constructor(candidate: Candidate, trust: Trust, record: VersionRecord) {
    this.#candidate = candidate;
    this.#trust = trust;
    this.#record = record;
  }

  async decide(keys: readonly StoredKey[]): Promise<this> {
    const { bytes, sidecars, settings } = this.#candidate;
    await this.#unlessRefused(async () => {
      const found = findSigners(bytes, settings.path, sidecars, keys);
      const signers = this.#allowed(found, keys);
      this.#identity = signers.find(({ identity }) => identity !== undefined)?.identity;
      if (this.#identity) await this.#verifyIdentity(this.#identity);
      this.verdict = { kind: "signed", keys: signers.map(({ key }) => key.name) };
    });
    return this;
  }

  async confirm(info: Info): Promise<void> {
    if (this.verdict.kind !== "signed") return;
    const identity = this.#identity;
    await this.#unlessRefused(async () => {
      if (!identity) return this.#verifyIdentity(info);
      this.#verifySame("name", identity.name, info.name);
      this.#verifySame("version", identity.version, info.version);
    });
  }

  async settle({ version }: Info): Promise<void> {
    if (this.verdict.kind !== "signed") return;
    await this.#unlessRefused(() => this.#record.set(this.#candidate.settings.name, version));
  }

  /** With the trust "warn" a refusal is a warning, and the build is not trusted. */
  async #unlessRefused(decide: () => Promise<void>): Promise<void> {
    try {
      await decide();
    } catch (error) {
      if (!HostError.is(error) || this.#trust === "require" || error.code.startsWith("BINARY_")) throw error;
      this.warnings.push(error);
      this.verdict = { kind: "untrusted", keys: [] };
    }
  }

  #allowed(found: FoundSigners, keys: readonly StoredKey[]): FoundSigners["signers"] {
    const { name: plugin, path: file } = this.#candidate.settings;
    const allowed = found.signers.filter(({ key }) => maySign(key, plugin));
    if (allowed.length > 0) return allowed;
    const [signer] = found.signers;
    if (signer) {
      const { name: key, plugins } = signer.key;
      throw new HostError("SIGNER_NOT_ALLOWED", { plugin, key, plugins });
    }
    if (!found.isSigned) throw new HostError("SIGNATURE_MISSING", { plugin, file });
    if (!found.hasUnknownSigner) throw new HostError("SIGNATURE_INVALID", { plugin, file });
    const known = keys.map(({ name }) => name);
    throw new HostError("SIGNER_UNKNOWN", { plugin, keyIds: found.keyIds, known });
  }

  async #verifyIdentity({ name, version }: SignedIdentity): Promise<void> {
    const { settings, older } = this.#candidate;
    this.#verifySame("name", name, settings.name);
    const newest = await this.#record.versionOf(settings.name);
    if (older || newest === undefined || !isOlder(version, newest)) return;
    throw new HostError("VERSION_OLDER", { plugin: settings.name, found: version, newest });
  }

  #verifySame(field: keyof SignedIdentity, signed: string, found: string): void {
    const { name: plugin } = this.#candidate.settings;
    if (signed !== found) throw new HostError("SIGNED_NAME", { plugin, field, signed, found });
  }
}

/** What is no version is older than every version: otherwise it would be a way around. */
function isOlder(version: string, newest: string): boolean {
  const [left, right] = [parseVersion(version), parseVersion(newest)];
  if (!left || !right) return right !== undefined;
  return compareVersions(left, right) < 0;
}
