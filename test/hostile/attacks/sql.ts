import { type Attack, BOTH, type Ending } from "./attack.ts";

const REFUSED: Ending = { told: ["denied", "unsupported", "invalid-input"] };

const sql = (name: string, database: string, statements: readonly string[], ends: Ending): Attack => ({
  name,
  target: "database",
  languages: BOTH,
  query: "service:sql",
  params: [database, ...statements],
  ends,
});

/** Statements that leave the database that was opened, through the grant of `main` to write. */
const LEAVING: readonly (readonly [name: string, ...statements: string[]])[] = [
  ["attaches the file of another database", "ATTACH DATABASE 'secret.db' AS secret"],
  ["attaches a database in memory", "ATTACH ':memory:' AS other"],
  ["attaches by an expression", "ATTACH 'sec' || 'ret.db' AS secret"],
  ["copies the database to a file with VACUUM INTO", "VACUUM INTO 'escaped.db'"],
  ["detaches its own database", "DETACH main"],
  ["writes to the schema by a pragma", "PRAGMA writable_schema = ON"],
  ["turns defences off by a pragma", "PRAGMA trusted_schema = ON"],
  ["turns the journal off", "PRAGMA journal_mode = OFF"],
  ["locks the database for good", "PRAGMA locking_mode = EXCLUSIVE"],
  ["moves temporary files", "PRAGMA temp_store_directory = '/etc'"],
  ["asks where the files are", "PRAGMA database_list"],
  ["asks where the files are by a table", "SELECT * FROM pragma_database_list"],
  ["loads an extension", "SELECT load_extension('evil')"],
  ["loads an extension by a view", "CREATE VIEW v AS SELECT load_extension('evil')", "SELECT * FROM v"],
  ["gets a tokenizer's address", "SELECT fts3_tokenizer('simple')"],
  ["reads a file by a function", "SELECT readfile('/etc/passwd')"],
  ["writes a file by a function", "SELECT writefile('escaped', 'x')"],
  ["reads pages by a virtual table", "SELECT * FROM sqlite_dbpage"],
  ["makes a virtual table of files", "CREATE VIRTUAL TABLE f USING csv(filename='/etc/passwd')"],
  ["deletes the schema", "CREATE TABLE t (a)", "DELETE FROM sqlite_master"],
  ["begins a transaction of its own", "BEGIN EXCLUSIVE"],
  ["ends a transaction that is the host's", "COMMIT"],
  ["puts a second statement behind a first", "SELECT 1; ATTACH 'secret.db' AS secret"],
  ["puts a statement behind a comment", "/* */ ATTACH 'secret.db' AS secret --"],
  ["asks to explain what it may not do", "EXPLAIN ATTACH 'secret.db' AS secret"],
];

/** Ways to write through a grant to read. */
const WRITING: readonly (readonly [name: string, statement: string])[] = [
  ["inserts", "INSERT INTO entries VALUES ('forged')"],
  ["inserts behind a common table", "WITH forged(x) AS (SELECT 1) INSERT INTO entries SELECT x FROM forged"],
  ["replaces", "REPLACE INTO entries VALUES ('forged')"],
  ["updates and asks for rows", "UPDATE entries SET text = 'forged' RETURNING *"],
  ["deletes", "DELETE FROM entries"],
  ["drops a table", "DROP TABLE entries"],
  ["makes an index", "CREATE INDEX i ON entries (text)"],
  ["makes a trigger", "CREATE TRIGGER g AFTER INSERT ON entries BEGIN DELETE FROM entries; END"],
  ["changes a number in the head of the file", "PRAGMA user_version = 7"],
  ["vacuums", "VACUUM"],
];

/** Names that were not granted. `ledger` was, to read, and `main`. */
const NAMES: readonly (readonly [name: string, database: string])[] = [
  ["opens a database that it was not granted", "secret"],
  ["opens a database by the URL of its file", "sqlite:secret.db"],
  ["opens a database by an absolute URL", "sqlite:///etc/passwd"],
  ["opens a database by a way around", "sqlite:backups/../secret.db"],
  ["opens a database by a link to it", "sqlite:backups/link.db"],
  ["opens a file with parameters", "sqlite:ledger.db?mode=rwc"],
  ["opens a file by SQLite's own form of URL", "file:secret.db?mode=rw"],
  ["opens a name with a zero in it", "main\0secret"],
  ["opens a name that differs in case", "MAIN"],
  ["opens a name that objects have by birth", "__proto__"],
  ["opens a constructor", "constructor"],
  ["opens every database", "*"],
  ["opens a name with spaces around it", " main "],
  ["opens a name as long as a book", "x".repeat(100_000)],
  [
    "opens a name that looks like a grant",
    'main", "access": "write" }], "cache": true, "http-client": ["*"], "x": [{ "name": "y',
  ],
  ["opens a server of its own choice", "postgres://postgres@127.0.0.1:5432/postgres"],
];

const ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)";

export const SQL_ATTACKS: readonly Attack[] = [
  ...LEAVING.map(([name, ...statements]) => sql(name, "main", statements, REFUSED)),
  ...WRITING.map(([name, statement]) => sql(`${name}, granted to read`, "ledger", [statement], REFUSED)),
  sql(
    "reads by the URL what it may read by name, and writes",
    "sqlite:ledger.db",
    [WRITING[0]?.[1] ?? ""],
    REFUSED,
  ),
  ...NAMES.map(([name, database]) =>
    sql(name, database, ["SELECT 1"], { told: ["denied", "not-found", "unsupported"] }),
  ),
  sql("counts for ever in one statement", "main", [`${ENDLESS} SELECT count(*) FROM n`], {
    code: "PLUGIN_TIMEOUT",
  }),
  sql("asks for rows without end", "main", [`${ENDLESS} SELECT x FROM n`], { told: "limit-exceeded" }),
  sql("asks for a value of a gigabyte", "main", ["SELECT zeroblob(1000000000)"], {
    told: ["limit-exceeded", "invalid-input"],
  }),
  sql("formats a gigabyte", "main", ["SELECT printf('%.*c', 1000000000, 'x')"], {
    told: ["limit-exceeded", "invalid-input"],
  }),
  sql("nests an expression too deeply", "main", [`SELECT ${"(".repeat(50_000)}1${")".repeat(50_000)}`], {
    told: "invalid-input",
  }),
  sql("names a column __proto__", "main", [`SELECT '{}' AS "__proto__"`], { code: "PLUGIN_ANSWER_INVALID" }),
  {
    name: "opens connections without end",
    target: "database",
    languages: BOTH,
    query: "service:hoard-connections",
    params: ["main"],
    ends: { told: "limit-exceeded" },
  },
  {
    name: "begins transactions without end",
    target: "database",
    languages: ["assemblyscript"],
    query: "service:hoard-transactions",
    params: ["main"],
    ends: { told: "conflict" },
  },
  ...(
    [
      ["uses a connection that it made up", "invented"],
      ["uses a connection with a negative number", "negative"],
      ["uses a connection as a transaction", "of-another-type"],
      ["uses a connection that it has closed", "dropped"],
      ["closes a connection twice", "dropped-twice"],
    ] as const
  ).map(([name, query]): Attack => ({
    name,
    target: "database",
    languages: ["assemblyscript"],
    query: `handle:${query}`,
    ends: { code: ["PLUGIN_TRAPPED", "PLUGIN_ANSWER_INVALID", "SERVICE_MISUSED", "SERVICE_FAULT"] },
  })),
];
