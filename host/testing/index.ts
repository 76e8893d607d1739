export { type Check, type TestOptions, type TestReport, testPlugin } from "./test-plugin.ts";
export { type RecordingLog, recordingLog } from "./recording-log.ts";
