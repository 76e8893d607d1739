import { AuthCredentials } from "./auth-credentials";
import { AuthResult } from "./auth-result";
import { Result } from "./result";
import { User } from "./user";

/** A capability: knows users and what they may do. */
export interface AuthPlugin {
  /** Who shows these credentials. */
  authenticate(credentials: AuthCredentials): Result<AuthResult>;

  /** Whether `user` may do `action` ("read") to `resource` ("invoices/7"). */
  authorize(user: User, resource: string, action: string): Result<bool>;

  /** Everything the user may do, as "resource:action". An unknown user is `not-found`. */
  getUserPermissions(userId: u32): Result<string[]>;
}
