/** The file of a database, and what SQLite keeps beside it. */
export const SQLITE_SUFFIXES = ["", "-wal", "-shm", "-journal"] as const;
