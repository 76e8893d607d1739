import type { CompiledComponent } from "../component/bindings.ts";
import type { ErrorKind } from "../component/contract/service-error.ts";
import type { LogLevel, ServiceName } from "../component/contract/services.ts";
import type { PluginShape } from "../component/shape.ts";
import type { FolderGrant } from "../config/settings.ts";
import type { SharedMeter } from "../engine/memory-meter.ts";
import type { JsonValue } from "../marshal/json.ts";
import type { WireError } from "./wire-error.ts";

/** What a thread is told when it is started. */
export interface ThreadData {
  /** `clockOffsetMs` of the host's thread. */
  readonly hostOffsetMs: number;
  /** Whether plugins are told the system's time. If not, the host is asked for it. */
  readonly systemTime: boolean;
  /** Counts the answers that the thread stands still for, which then wait in `answers`. */
  readonly answered: Int32Array<SharedArrayBuffer>;
  readonly answers: MessagePort;
}

/** What an instance is made of. */
export interface Birth {
  readonly plugin: string;
  readonly shape: PluginShape;
  /** The component, by the number under which it was bound. */
  readonly component: number;
  /** The services that it was granted. */
  readonly services: readonly ServiceName[];
  readonly config: JsonValue;
  readonly folders: readonly FolderGrant[];
  readonly memory: SharedMeter;
}

/** A call of an exported function. */
export interface RemoteCall {
  readonly interface: string;
  readonly function: string;
  readonly args: readonly unknown[];
  /** By the clock that all threads share. */
  readonly deadlineMs: number;
  readonly timeoutMs: number;
  readonly cpuMs: number;
}

/** What the host tells a thread. */
export type ToThread =
  /** It is to say that it still turns. */
  | { readonly type: "ping" }
  | { readonly type: "bind"; readonly component: number; readonly compiled: CompiledComponent }
  | { readonly type: "unbind"; readonly component: number }
  | { readonly type: "create"; readonly instance: number; readonly birth: Birth }
  | { readonly type: "call"; readonly instance: number; readonly call: RemoteCall }
  | { readonly type: "abort"; readonly instance: number }
  | { readonly type: "dispose"; readonly instance: number }
  | {
      readonly type: "served";
      readonly instance: number;
      readonly id: number;
      readonly answer: ServiceAnswer;
    };

/** What a thread tells the host. */
export type FromThread =
  /** It is ready to make instances of a component. */
  { readonly type: "bound"; readonly component: number } | { readonly type: "pong" } | FromInstance;

/** What one of its instances tells the host. */
export type FromInstance = { readonly instance: number } & (
  | { readonly type: "created"; readonly failure: WireError | undefined }
  | {
      readonly type: "answered";
      readonly outcome: Outcome;
      readonly fuelUsed: bigint;
      readonly dead: boolean;
    }
  | { readonly type: "ask"; readonly id: number; readonly question: Question }
  /** The thread stands still until it is answered. */
  | { readonly type: "ask-now"; readonly question: Question }
  | { readonly type: "log"; readonly line: LogLine }
  | { readonly type: "drop"; readonly handle: number }
);

/** How a call ended. */
export type Outcome =
  | { readonly result: unknown; readonly failure?: undefined }
  | { readonly result?: undefined; readonly failure: WireError };

/** A call of a service, or of a resource that a service gave. */
export interface Question {
  readonly service: ServiceName;
  readonly function: string;
  readonly resource?: { readonly name: string; readonly handle: number } | undefined;
  readonly args: readonly unknown[];
}

export type LogLine = readonly [level: LogLevel, message: string, fields: JsonValue | undefined];

/** What a service answered. */
export type ServiceAnswer =
  | { readonly type: "value"; readonly value: unknown }
  /** A resource, by the number under which the host keeps it. */
  | { readonly type: "handle"; readonly handle: number }
  /** A `ServiceError`, which the plugin is told. */
  | { readonly type: "refused"; readonly kind: ErrorKind; readonly message: string }
  /** The plugin broke the service's rules. */
  | { readonly type: "misused"; readonly error: WireError }
  /** The service failed; the host keeps the reason. */
  | { readonly type: "fault" };
