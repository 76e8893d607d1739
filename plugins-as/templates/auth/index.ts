import {
  AuthCredentials,
  AuthPlugin,
  AuthResult,
  config,
  Plugin,
  PluginError,
  register,
  Result,
  Session,
  User,
} from "tusk-plugin-as";

export * from "tusk-plugin-as/exports/auth-plugin";

/** Knows one user, whom the settings name. Real ones keep hashes of passwords, in a database. */
class MyPlugin extends Plugin implements AuthPlugin {
  name: string = "my-plugin";
  version: string = "0.1.0";
  description: string = "Knows users";

  authenticate(credentials: AuthCredentials): Result<AuthResult> {
    const username = config.get("username").asString();
    const password = config.get("password").asString();
    const right =
      !credentials.isToken && credentials.username == username && equal(credentials.password, password);
    if (!right || password == "") return Result.ok(AuthResult.failure("The name or the password is wrong."));
    return Result.ok(AuthResult.success(new Session(new User(1, username, ["admin"]))));
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
