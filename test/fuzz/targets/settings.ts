import assert from "node:assert/strict";
import { HostError } from "../../../host/core/error.ts";
import { parseSettingsText } from "../../../host/config/parse-settings.ts";
import { pick, type Random } from "../../unit/wasm/random.ts";
import { mutateText } from "../mutate-text.ts";
import type { FuzzTarget } from "../target.ts";

const TSK = [
  `$app: "MyApp"\nname = $app + " API"\n[plugins.api]\npath: "api.wasm"\nenabled: true\n`,
  `[databases]\nmain: "sqlite::memory:"\n[plugins.sql.config]\nurl: @env("URL", "x")\nn: @if($a != 1, 8, 9)\n`,
  `plugins {\n  auth {\n    limits { memoryBytes: "100MB" }\n    config { list: ["a", 1, true, null] }\n  }\n}\n`,
  `cache>\n  ttl: "5m"\n<\nports: 8000-9000 # why\nsql: """multi\nline"""\nx: 0x1f; y: 1.5e3\n/* c */ z: $a ? 1 : 2\n`,
];
const TSK_PIECES =
  `$a : = { } [ ] ( ) < > ; , ? + - " ' """ \\ \${ @env( @if( @file.read( @date( # // /* */ 1 8000-9000 0x true null \n [plugins.a] __proto__ 😀 \0`.split(
    " ",
  );

const JSON_TEXTS = [
  { plugins: { api: { path: "api.wasm", config: { a: "@env('A', 1)" }, dependencies: ["b?"] } } },
  { plugins: { b: { permissions: { cache: true, database: ["main"], "http-client": ["*.a.test:8080"] } } } },
  {
    plugins: { c: { limits: { timeoutMs: "5s", memoryBytes: "1MB" }, instances: 4 } },
    databases: { m: "sqlite:x" },
  },
].map((value) => JSON.stringify(value, null, 1));
const JSON_PIECES =
  `{ } [ ] : , " \\" \\u0000 \\ud800 1e999 -0 0x1 true null "plugins" "__proto__" "constructor" "@env('A')" "\${" NaN 1 [[[[ {"a": \n 😀`.split(
    " ",
  );

/** Settings are read, or are SETTINGS_INVALID with places in them. */
function settingsTarget(
  format: "tsk" | "json",
  originals: readonly string[],
  pieces: readonly string[],
): FuzzTarget {
  return {
    name: format === "tsk" ? ".tsk" : "settings",
    open: async () => {
      let last = "";
      return {
        async attempt(random: Random) {
          last = mutateText(pick(originals, random), pick(originals, random), pieces, random);
          try {
            const { plugins } = await parseSettingsText(last, format, { env: { A: "1" } });
            assert.equal(Object.getPrototypeOf(plugins), Object.prototype);
            return "read";
          } catch (error) {
            if (!HostError.is(error, "SETTINGS_INVALID")) throw error;
            const lines = last.replace(/^\ufeff/, "").split("\n");
            for (const { line, column } of error.details.problems) {
              if (line === undefined || column === undefined) continue;
              assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1, `${line}:${column}`);
            }
            return `${error.code}, ${error.details.total === 1 ? "a problem" : "several"}`;
          }
        },
        lastInput: () => Buffer.from(last),
      };
    },
  };
}

export const TSK_SETTINGS = settingsTarget("tsk", TSK, TSK_PIECES);
export const JSON_SETTINGS = settingsTarget("json", JSON_TEXTS, JSON_PIECES);
