/** What a plugin may ask of its databases. */
export interface DatabaseLimits {
  /** How long a statement may run, and how long it may wait for others' locks. */
  readonly statementMs: number;
  /** How long a transaction may stay open before the host rolls it back. */
  readonly transactionMs: number;
  readonly backupMs: number;
  /** Rows that a query may give. */
  readonly maxRows: number;
  /** Bytes that a query may give, and that a single value may have. */
  readonly maxResultBytes: number;
  /** Bytes of a database in memory. Files are bounded by nothing but their disk. */
  readonly maxMemoryDatabaseBytes: number;
  /** Connections of a plugin to one database that may be open at once. On a server they share a few of its own. */
  readonly maxConnections: number;
  /** Connections to one server, for all plugins. */
  readonly maxServerConnections: number;
  /** How many of them one plugin may use at once. */
  readonly maxPluginServerConnections: number;
  /** How long connecting to a server may take. */
  readonly connectMs: number;
  /** Requests of a plugin to one database that may wait at once. */
  readonly maxWaiting: number;
  /** How long a database process or a server's connection that nobody uses is kept. */
  readonly idleMs: number;
}

export const DATABASE_LIMITS: DatabaseLimits = {
  statementMs: 10_000,
  transactionMs: 30_000,
  backupMs: 60_000,
  maxRows: 10_000,
  maxResultBytes: 8 * 1024 * 1024,
  maxMemoryDatabaseBytes: 100 * 1024 * 1024,
  maxConnections: 64,
  maxServerConnections: 20,
  maxPluginServerConnections: 5,
  connectMs: 5_000,
  maxWaiting: 256,
  idleMs: 30_000,
};
