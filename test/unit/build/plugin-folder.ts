import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

/** A folder with these files in it, by their paths, that is gone after the test. */
export async function folderOf(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tusk-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** The same with an AssemblyScript plugin named `sample`, whose health check does what `check` says. */
export function sampleFolder(
  t: TestContext,
  check: string,
  files: Record<string, string> = {},
): Promise<string> {
  return folderOf(t, {
    "package.json": '{ "name": "@somebody/sample" }',
    "assembly/index.ts": `import { Health, Plugin, PluginError, register } from "tusk-plugin-as";
export * from "tusk-plugin-as/exports/health";
class Sample extends Plugin implements Health {
  name: string = "sample";
  check(): PluginError | null {
    ${check}
  }
}
register(new Sample());
`,
    ...files,
  });
}
