import { z } from "zod";
import { parseHostGrant } from "./host-grant.ts";
import { parseMailAddress, parseRecipientGrant } from "./mail-address.ts";
import { access, count, parsed } from "./setting-types.ts";

const databaseGrant = z.union([
  z
    .string()
    .min(1)
    .transform((name) => ({ name, access: undefined })),
  z.strictObject({ name: z.string().min(1), access: access.optional() }),
]);

const hostGrant = z.union([
  parsed(parseHostGrant).transform((host) => ({ host, port: undefined, methods: undefined })),
  z.strictObject({
    host: parsed(parseHostGrant),
    port: count(1, 65_535).optional(),
    methods: z
      .array(z.string().regex(/^[A-Za-z]+$/))
      .min(1)
      .optional(),
  }),
]);

const folderGrant = z.strictObject({ path: z.string().min(1), access: access.optional() });

/** A bare address. */
export const sender = parsed((text) => {
  const address = parseMailAddress(text);
  return address === undefined ? 'should be an address, such as "tusk@example.com"' : { address };
}).transform(({ address }) => address);

const recipients = z.array(parsed(parseRecipientGrant).transform(({ address }) => address));

const mailGrant = z.union([recipients, z.strictObject({ to: recipients, from: sender.optional() })]);

/** What one plugin may be granted. */
export const permissions = z
  .strictObject({
    cache: z.union([z.boolean(), z.string().regex(/^[a-z][a-z0-9-]*$/)]).meta({
      description:
        "Values kept for a while: true is a cache of its own, a name is one that all who name it share.",
      default: false,
    }),
    database: z.array(databaseGrant).meta({
      description: 'Databases, by name or URL, to write if nothing is said; "*" is all of them.',
      default: [],
    }),
    "http-client": z.array(hostGrant).meta({
      description: 'Hosts that may be asked: "api.example.com", "*.example.com:8443"; "*" is all of them.',
      default: [],
    }),
    filesystem: z.array(folderGrant).meta({
      description: "Folders, to read if nothing is said.",
      default: [],
    }),
    mail: mailGrant.describe(
      'To whom messages may go: "ada@example.com", "*@example.com"; "*" is everybody. Or that as "to" with another sender as "from".',
    ),
  })
  .partial();
