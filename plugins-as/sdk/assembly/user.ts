import { JsonValue } from "./json/json-value";

/** Somebody whom an auth plugin knows. */
export class User {
  constructor(
    /** Stable for as long as the user exists. */
    public id: u32,
    public name: string,
    public roles: string[] = [],
    /** Whatever else the auth plugin says of the user: a JSON object. */
    public claims: JsonValue = JsonValue.object(),
  ) {}

  hasRole(role: string): bool {
    return this.roles.includes(role);
  }
}
