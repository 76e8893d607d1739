import { Session } from "./session";

/** Whether the credentials were right. Wrong credentials are an answer, not an error. */
export class AuthResult {
  private constructor(
    /** What right credentials begin; null if they were wrong. */
    readonly session: Session | null,
    readonly reason: string,
  ) {}

  static success(session: Session): AuthResult {
    return new AuthResult(session, "");
  }

  /** The reason is for a person, and says nothing that helps a guesser. */
  static failure(reason: string): AuthResult {
    return new AuthResult(null, reason);
  }
}
