import { resultOfHandle } from "./abi/import-result";
import { httpStreams_requestBody, httpStreams_respond } from "./abi/imports";
import { lendBlock, reclaim } from "./abi/loan";
import { lowerFields } from "./abi/lower";
import { AREA } from "./abi/memory";
import { Fields } from "./fields";
import { RequestBody } from "./request-body";
import { ResponseBody } from "./response-body";
import { ResponseHead } from "./response-head";
import { Result } from "./result";
import { User } from "./user";

/** A request whose bodies are streams. They end with the call: a use afterwards is `conflict`. */
export class StreamRequest {
  /** The same in every log line that this request causes. */
  id: string = "";
  /** What the pattern of the matched route bound, decoded: `id` = "7". */
  params: Fields = new Fields();
  /** The query's parameters in their order, decoded. A repeated name stands repeatedly. */
  query: Fields = new Fields();
  /** In their order, names in lower case. A repeated header stands repeatedly. */
  headers: Fields = new Fields();
  /** Who asks, where the route is guarded by an auth plugin. */
  user: User | null = null;
  private given: RequestBody | null = null;
  private answer: ResponseBody | null = null;

  constructor(
    /** In upper case, as sent: "HEAD" where a route of "GET" is asked for its head alone. */
    public method: string,
    /** Without the query, and not decoded: "/users/7". What is below the plugin's mount. */
    public path: string,
  ) {}

  /** What the route's pattern bound to a name, or null. */
  param(name: string): string | null {
    return this.params.get(name);
  }

  /** The value of the first header of a name, in whatever case the name is given, or null. */
  header(name: string): string | null {
    return this.headers.getIgnoringCase(name);
  }

  /** What the client sends. */
  get body(): RequestBody {
    const given = this.given;
    if (given) return given;
    httpStreams_requestBody(AREA);
    const handle = resultOfHandle();
    const body = new RequestBody(handle.isErr ? 0 : handle.value);
    this.given = body;
    return body;
  }

  /** Sends the head of the answer, and gives the body that follows it: to be written, and finished. Once. */
  respond(head: ResponseHead): Result<ResponseBody> {
    const fields = lendBlock(8);
    lowerFields(fields, head.headers);
    httpStreams_respond(head.status, load<usize>(fields), load<i32>(fields, 4), AREA);
    reclaim();
    const handle = resultOfHandle();
    if (handle.isErr) return handle.as<ResponseBody>();
    const answer = new ResponseBody(handle.value);
    this.answer = answer;
    return Result.ok(answer);
  }

  /** Called when the call is over. */
  close(): void {
    const given = this.given;
    const answer = this.answer;
    if (given) given.close();
    if (answer) answer.close();
  }
}
