import type { LogRecord } from "../services/logger/json-log.ts";
import type { LogSink } from "../services/logger/log-sink.ts";
import type { Style } from "./output.ts";

/** Something to tell: to programs as it is, to a person as a line. */
export interface Telling extends LogRecord {
  /** One word. */
  readonly label: string;
  /** The label's looks; by its level if nothing is said. */
  readonly style?: Style;
  readonly text: string;
}

/** Where what a host has to tell goes: a `JsonLog`, or a `TextLog`. */
export interface ReportLog extends LogSink {
  tell(telling: Telling): void;
}
