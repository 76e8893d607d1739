import {
  AuthCredentials,
  AuthPlugin,
  AuthResult,
  JsonValue,
  Plugin,
  PluginError,
  register,
  Result,
  Session,
  User,
} from "tusk-plugin-as";

export * from "tusk-plugin-as/exports/auth-plugin";

/** What the settings may say. Nobody is known where they name no password. */
@json({ unknown: "refuse" })
class Settings {
  username: string = "";
  password: string | null = null;
}

/** Knows one user, whom the settings name. Real ones keep hashes of passwords, in a database. */
class MyPlugin extends Plugin implements AuthPlugin {
  name: string = "my-plugin";
  version: string = "0.1.0";
  description: string = "Knows users";
  private settings: Settings = new Settings();

  initialize(settings: JsonValue): PluginError | null {
    const read = settings.to<Settings>();
    if (read.isErr) return read.error;
    this.settings = read.value;
    return null;
  }

  authenticate(credentials: AuthCredentials): Result<AuthResult> {
    const password = this.settings.password;
    const right =
      password !== null &&
      password != "" &&
      !credentials.isToken &&
      credentials.username == this.settings.username &&
      equal(credentials.password, password);
    if (!right) return Result.ok(AuthResult.failure("The name or the password is wrong."));
    return Result.ok(AuthResult.success(new Session(new User(1, credentials.username, ["admin"]))));
  }

  authorize(user: User, resource: string, action: string): Result<bool> {
    return Result.ok(user.hasRole("admin"));
  }

  getUserPermissions(userId: u32): Result<string[]> {
    if (userId == 1) return Result.ok(["*:*"]);
    return Result.err<string[]>(PluginError.notFound("There is no such user."));
  }
}

/** Takes as long for what is nearly right as for what is quite wrong. */
function equal(a: string, b: string): bool {
  let difference = a.length ^ b.length;
  for (let i = 0, n = min(a.length, b.length); i < n; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference == 0;
}

register(new MyPlugin());
