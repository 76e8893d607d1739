import type { Field, Services } from "../../build/contract-types.ts";

/** The service `http-streams` for calls one after the other, and what came of it. */
export function streamsService(sent: readonly Uint8Array[] = []): {
  httpStreams: Services["httpStreams"];
  head: { status: number; headers: Field[] } | undefined;
  written: Uint8Array[];
  finished: number;
  open: number;
} {
  class InputBody {
    readonly #pieces = [...sent];

    read(maxBytes: number): Uint8Array | undefined {
      return this.#pieces.shift()?.subarray(0, maxBytes);
    }

    [Symbol.dispose](): void {
      seen.open--;
    }
  }

  class OutputBody {
    write(bytes: Uint8Array): void {
      // The bytes are the plugin's, and are gone after the call.
      seen.written.push(new Uint8Array(bytes));
    }

    finish(): void {
      seen.finished++;
    }

    [Symbol.dispose](): void {
      seen.open--;
    }
  }

  const seen: ReturnType<typeof streamsService> = {
    httpStreams: {
      InputBody,
      OutputBody,
      requestBody() {
        seen.open++;
        return new InputBody();
      },
      respond(status, headers) {
        seen.open++;
        seen.head = { status, headers };
        return new OutputBody();
      },
    },
    head: undefined,
    written: [],
    finished: 0,
    open: 0,
  };
  return seen;
}
