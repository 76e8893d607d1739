export { type TestOptions, testPlugin } from "./test-plugin.ts";
export { type Check, junitReport, type TestReport } from "./test-report.ts";
export type { FakeServer } from "./subject.ts";
export { RecordingMail, type RecordingMailOptions } from "./recording-mail.ts";
export { type RecordingLog, recordingLog } from "./recording-log.ts";
export { VirtualClock } from "./virtual-clock.ts";
