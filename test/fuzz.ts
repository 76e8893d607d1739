import { spawnSync } from "node:child_process";

// The tests that try what is random, with many more tries than every day. Each prints its seed, so that what
// it finds is found again: `TUSK_FUZZ_RUNS=1000000 TUSK_FUZZ_SEED=7 npm run fuzz`.
const files = ["test/unit/wasm/mutation.test.ts", "test/integration/broken-binaries.test.ts"];
const { status } = spawnSync(process.execPath, ["--test", "--test-global-setup=test/setup.ts", ...files], {
  env: { TUSK_FUZZ_RUNS: "100000", ...process.env },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
