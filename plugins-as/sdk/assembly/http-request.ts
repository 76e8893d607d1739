import { Fields } from "./fields";
import { HttpMessage } from "./http-message";
import { User } from "./user";

/** A request as it reached the host. */
export class HttpRequest extends HttpMessage {
  /** The same in every log line that this request causes. */
  id: string = "";
  /** What the pattern of the matched route bound, decoded: `id` = "7". */
  params: Fields = new Fields();
  /** The query's parameters in their order, decoded. A repeated name stands repeatedly. */
  query: Fields = new Fields();
  /** Who asks, where the route is guarded by an auth plugin. */
  user: User | null = null;

  constructor(
    /** In upper case: "GET". */
    public method: string,
    /** Without the query, and not decoded: "/users/7". What is below the plugin's mount; in middleware, as sent. */
    public path: string,
  ) {
    super();
  }

  /** What the route's pattern bound to a name, or null. */
  param(name: string): string | null {
    return this.params.get(name);
  }
}
