import type { DatabaseConnection } from "../../component/contract/services.ts";

/** A connection as the host holds it: it can be waited for. */
export interface OpenConnection extends DatabaseConnection {
  /** Fulfilled when it is closed, whoever closed it. */
  readonly closed: Promise<void>;
  /** Closes it when what was asked before is done. A transaction that is open is rolled back. */
  close(): Promise<void>;
}
