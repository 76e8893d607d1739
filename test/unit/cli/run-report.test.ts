import assert from "node:assert/strict";
import { test } from "node:test";
import { Output } from "../../../host/cli/output.ts";
import { RunReport } from "../../../host/cli/run-report.ts";
import { HostError } from "../../../host/core/error.ts";

test("what is beneath a fault of the host cannot move the cursor, whoever had a hand in its text", () => {
  const lines: string[] = [];
  const file = { write: (line: string) => void lines.push(line) };
  const report = new RunReport(new Output(false), { file, log: { level: "info", format: "text" } });
  const cause = new Error("no table \u001b[2J\rowned");
  report.fault(new HostError("HOST_FAULT", { doing: "answered a request" }, { cause }));
  assert.match(lines.join(""), /HOST_FAULT: .*no table .*owned/s);
  assert.doesNotMatch(lines.join(""), /(?!\n)\p{Cc}/u);
});
