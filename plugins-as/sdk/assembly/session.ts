import { User } from "./user";

/** A session that never expires by itself. */
export const NEVER: u64 = u64.MAX_VALUE;

/** What right credentials begin. */
export class Session {
  constructor(
    public user: User,
    /** To be shown as credentials from now on, if there is one. */
    public token: string | null = null,
    /** Milliseconds since 1970-01-01T00:00:00Z, or `NEVER`. */
    public expiresAtMs: u64 = NEVER,
  ) {}
}
