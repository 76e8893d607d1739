/** Which requests a plugin answers. */
export class Route {
  constructor(
    /** In upper case, or "*" for any. */
    public method: string,
    /** "/users/:id" binds one segment, "/files/*" binds the rest. */
    public pattern: string,
  ) {}

  static get(pattern: string): Route {
    return new Route("GET", pattern);
  }

  static post(pattern: string): Route {
    return new Route("POST", pattern);
  }

  static put(pattern: string): Route {
    return new Route("PUT", pattern);
  }

  static patch(pattern: string): Route {
    return new Route("PATCH", pattern);
  }

  static remove(pattern: string): Route {
    return new Route("DELETE", pattern);
  }

  static any(pattern: string): Route {
    return new Route("*", pattern);
  }
}
