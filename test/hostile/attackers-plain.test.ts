import { after, before, suite } from "node:test";
import { createHost, type Host } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { tryAttackers } from "./try-attackers.ts";
import { plainWat } from "./wat-plugin.ts";

suite("a hostile plain core module is contained", () => {
  const folder = temporaryFolder();
  let host: Host;

  before(async () => {
    host = await createHost({ log: recordingLog() });
  });
  after(() => host.shutdown());

  tryAttackers(folder, () => host, plainWat);
});
