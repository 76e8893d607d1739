/** What somebody shows to prove who they are: a name and a password, or a token from an earlier session. */
export class AuthCredentials {
  private constructor(
    /** Whether this is a token. Otherwise it is a name and a password. */
    readonly isToken: bool,
    readonly username: string,
    readonly password: string,
    readonly token: string,
  ) {}

  static fromPassword(username: string, password: string): AuthCredentials {
    return new AuthCredentials(false, username, password, "");
  }

  static fromToken(token: string): AuthCredentials {
    return new AuthCredentials(true, "", "", token);
  }
}
