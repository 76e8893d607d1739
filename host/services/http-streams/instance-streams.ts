import type { Field } from "../../component/contract/data.ts";
import type { HttpStreamsService, InputBody, OutputBody } from "../../component/contract/services.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { StreamExchange } from "./stream-exchange.ts";

/** How many bodies an instance may hold, of calls that have ended. */
const MAX_HELD = 100;

/** The service `http-streams` for one instance, which takes one call at a time: its bodies are those of that call. */
export class InstanceStreams implements HttpStreamsService {
  #exchange: StreamExchange | undefined;
  #held = 0;

  /** A call begins. */
  begin(exchange: StreamExchange): void {
    this.#exchange = exchange;
  }

  /** It has ended. */
  end(): void {
    this.#exchange = undefined;
  }

  async requestBody(): Promise<InputBody> {
    return this.#counted(this.#current().requestBody(this.#dropped));
  }

  async respond(status: number, headers: Field[]): Promise<OutputBody> {
    return this.#counted(this.#current().respond(status, headers, this.#dropped));
  }

  #current(): StreamExchange {
    if (!this.#exchange) throw new ServiceError("conflict", "This call has no streams: handle-stream has.");
    if (this.#held < MAX_HELD) return this.#exchange;
    throw new ServiceError("limit-exceeded", `${MAX_HELD} bodies of earlier calls have not been dropped.`);
  }

  #counted<T>(body: T): T {
    this.#held++;
    return body;
  }

  readonly #dropped = (): void => void this.#held--;
}
