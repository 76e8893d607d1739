/** Why a pooler that its URL does not call one cannot be used. */
export const POOLER =
  "it keeps no settings of a session, as poolers such as PgBouncer do. Write pooler=transaction in its URL: see docs/databases.md.";
