/** How much a line in the log matters. */
export enum LogLevel {
  Trace,
  Debug,
  Info,
  Warn,
  Error,
}
