import type { CacheLimits } from "./cache/cache-store.ts";
import { DATABASE_LIMITS, type DatabaseLimits } from "./database/database-limits.ts";
import type { HttpClientLimits } from "./http-client/http-client.ts";
import type { MailLimits } from "./mail/mail-service.ts";
import type { LogTextLimits } from "./logger/log-cleaner.ts";
import type { LogRateLimits } from "./logger/log-rate.ts";

/** How much each plugin may ask of the services. */
export interface ServiceLimits {
  readonly log: LogRateLimits & LogTextLimits;
  readonly cache: CacheLimits;
  readonly database: DatabaseLimits;
  readonly httpClient: HttpClientLimits;
  readonly mail: MailLimits;
}

export const SERVICE_LIMITS: ServiceLimits = {
  log: { linesPerSecond: 1000, burstLines: 1000, maxMessageLength: 8192, maxFieldsLength: 32_768 },
  cache: { maxPluginBytes: 16 * 1024 * 1024, maxBytes: 64 * 1024 * 1024 },
  database: DATABASE_LIMITS,
  httpClient: { timeoutMs: 30_000, maxResponseBytes: 8 * 1024 * 1024 },
  mail: { messagesPerMinute: 60, maxRecipients: 50, maxMessageBytes: 1024 * 1024, timeoutMs: 20_000 },
};
