import { z } from "zod";

/** What to do with a build that nobody trusted has signed. */
export const trust = z.enum(["off", "warn", "require"]);

/** Of a build. */
export const sha256 = z.string().regex(/^[\da-fA-F]{64}$/, {
  error: "should be a SHA-256: 64 hexadecimal digits",
});

const trustedKey = z.strictObject({
  key: z
    .string()
    .min(1)
    .optional()
    .describe("A public key: OpenSSH, PEM, minisign, or raw in hexadecimal or base64."),
  file: z
    .string()
    .min(1)
    .optional()
    .describe("The file of a public key, in one of these forms or as raw bytes."),
  plugins: z
    .array(
      z.string().regex(/^[A-Za-z0-9_*-]{1,64}$/, {
        error: 'should be the name of a plugin, in which "*" stands for any characters',
      }),
    )
    .min(1)
    .describe('The plugins that it may sign: "api", "acme-*", "*".'),
});

const revoked = z
  .strictObject({
    keys: z.array(z.string().min(1)).meta({
      description: "Public keys whose signatures do not count any more, in any form that a key may have.",
      default: [],
    }),
    builds: z.array(sha256).meta({ description: "The SHA-256 of builds that are refused.", default: [] }),
    file: z
      .string()
      .min(1)
      .describe('A file with more of both: {"revocationVersion": 1, "keys": [], "builds": []}.'),
  })
  .partial();

/** Whose builds are trusted. */
export const trustSettings = z
  .strictObject({
    default: trust.describe(
      'For plugins that say nothing; "warn" for a folder that only its owner can write to, otherwise "require".',
    ),
    keys: z.record(z.string().min(1).max(64), trustedKey).meta({
      description: "The keys whose signatures count, by a name for each.",
      default: {},
    }),
    lock: z.string().min(1).describe('The lock file that builds are held against; "tusk lock" writes it.'),
    revoked: revoked.describe("What is refused, whoever has signed it, and ended if it serves."),
    record: z.string().min(1).describe("Where it is kept which versions were trusted last."),
  })
  .partial();
