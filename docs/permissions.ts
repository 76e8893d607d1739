// Writes docs/permissions.md from the table by which permissions are checked:
//
//     node docs/permissions.ts
//
// A test fails when the table has changed and this was not run.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";
import { type Permission, PERMISSIONS } from "../host/security/permissions.ts";

const FILE = join(import.meta.dirname, "permissions.md");

const HEAD = `# Permissions

A plugin has its settings, the log, the clock, timers and randomness. Everything else is a permission, which its settings grant or do not:

\`\`\`json
{ "plugins": { "shop": { "permissions": { "cache": true, "http-client": ["api.example.com"] } } } }
\`\`\`

What a binary asks for stands in its imports: \`tusk inspect --permissions FILE\` prints them as the settings that grant them. Where one is
missing, the plugin is refused before anything of it runs (\`PERMISSION_MISSING\`). What lies outside of the scope of a grant is refused as it is
asked for: the service answers \`denied\`.
`;

const TAIL = `## By the names of TuskLang's SandboxConfig

\`sandbox\` grants by the original's names, and contradictions are errors: \`allow_network\` is \`"http-client": ["*"]\`, \`allow_database\` is
\`"database": ["*"]\`, \`allow_file_system\` is every folder.

## What is no permission

The WASI interfaces that a language's standard library links in (files, environment, arguments, standard input) ask for nothing: they are
there, and empty until a folder is granted. \`wasi:http/outgoing-handler\` asks for \`http-client\`, and \`wasi:keyvalue/store\` for
\`cache\`; \`wasi:config/store\` and \`wasi:logging/logging\` are the plugin's own settings and log. What a plugin may _use up_ is said with \`limits\`, and who may _write_ plugins with \`trust\`
([settings](../README.md#settings)).
`;

/** The text of docs/permissions.md. */
export function permissionsPage(): Promise<string> {
  const sections = (Object.keys(PERMISSIONS) as Permission[]).map(section);
  return format([HEAD, ...sections, TAIL].join("\n"), { parser: "markdown", printWidth: 110 });
}

function section(permission: Permission): string {
  const { gives, scope, setting, refusedAt } = PERMISSIONS[permission];
  const [key, example] = setting;
  const settings = key === "permissions" ? `{ "permissions": { ${example} } }` : `{ ${example} }`;
  const without = {
    load: `The plugin is refused if it imports \`${permission}\`: \`PERMISSION_MISSING\`.`,
    call: "The plugin is loaded; what it asks for is `denied`.",
  };
  return [
    `## ${permission}\n`,
    `- **Gives**: ${gives}`,
    `- **Scope**: ${scope}`,
    `- **Example**: \`${settings}\``,
    `- **Without it**: ${without[refusedAt]}`,
    "",
  ].join("\n");
}

if (import.meta.main) await writeFile(FILE, await permissionsPage());
