// From objects to where the host reads them. All of it is lent, until `reclaim`.

import { Fields } from "../fields";
import { HttpRequest } from "../http-request";
import { HttpResponse } from "../http-response";
import { JsonValue } from "../json/json-value";
import { PluginError } from "../plugin-error";
import { Route } from "../route";
import { User } from "../user";
import { utf8Length, writeUtf8 } from "../utf8";
import { lendBlock, lendBytes } from "./loan";
import { AREA } from "./memory";

// Strings, lists and `json` stand in a record as an address and a length.

/** Lone surrogates become U+FFFD. */
export function lowerString(at: usize, text: string): void {
  const length = utf8Length(text);
  const block = lendBlock(length);
  writeUtf8(block, text, length);
  store<usize>(at, block);
  store<usize>(at, length, 4);
}

export function lowerBytes(at: usize, bytes: Uint8Array): void {
  store<usize>(at, lendBytes(bytes));
  store<usize>(at, bytes.length, 4);
}

export function lowerJson(at: usize, value: JsonValue): void {
  lowerBytes(at, value.encode());
}

export function lowerStrings(at: usize, strings: string[]): void {
  const length = strings.length;
  const block = lendBlock(8 * length);
  for (let i = 0; i < length; i++) lowerString(block + 8 * i, strings[i]);
  store<usize>(at, block);
  store<usize>(at, length, 4);
}

export function lowerFields(at: usize, fields: Fields): void {
  const length = fields.length;
  const block = lendBlock(16 * length);
  for (let i = 0; i < length; i++) {
    const field = fields.at(i);
    lowerString(block + 16 * i, field.name);
    lowerString(block + 16 * i + 8, field.value);
  }
  store<usize>(at, block);
  store<usize>(at, length, 4);
}

/** `error`: case 0, message 4. */
export function lowerError(at: usize, error: PluginError): void {
  store<u8>(at, error.kind);
  lowerString(at + 4, error.message);
}

/** `user`: id 0, name 4, roles 12, claims 20; 28 bytes. */
export function lowerUser(at: usize, user: User): void {
  store<u32>(at, user.id);
  lowerString(at + 4, user.name);
  lowerStrings(at + 12, user.roles);
  lowerJson(at + 20, user.claims);
}

/** `request`, laid out as in `liftRequest`. */
export function lowerRequest(at: usize, request: HttpRequest): void {
  lowerString(at, request.id);
  lowerString(at + 8, request.method);
  lowerString(at + 16, request.path);
  lowerFields(at + 24, request.params);
  lowerFields(at + 32, request.query);
  lowerFields(at + 40, request.headers);
  lowerBytes(at + 48, request.body);
  const user = request.user;
  store<bool>(at, user !== null, 56);
  if (user) lowerUser(at + 60, user);
}

/** `response`: status 0, headers 4, body 12; 20 bytes. */
export function lowerResponse(at: usize, response: HttpResponse): void {
  store<u16>(at, response.status);
  lowerFields(at + 4, response.headers);
  lowerBytes(at + 12, response.body);
}

/** Returns a list of `route`: method 0, pattern 8; 16 bytes. */
export function lowerRoutes(routes: Route[]): usize {
  const length = routes.length;
  const block = lendBlock(16 * length);
  for (let i = 0; i < length; i++) {
    lowerString(block + 16 * i, routes[i].method);
    lowerString(block + 16 * i + 8, routes[i].pattern);
  }
  store<usize>(AREA, block);
  store<usize>(AREA, length, 4);
  return AREA;
}

// A `result` is a case, 0 or 1, and its payload at an offset: 4, or 8 where the payload is aligned to 8.

/** Returns `ok` with what has been lowered to `AREA` behind it, or with nothing. */
export function succeeded(): usize {
  store<u8>(AREA, 0);
  return AREA;
}

export function failed(error: PluginError, offset: usize = 4): usize {
  store<u8>(AREA, 1);
  lowerError(AREA + offset, error);
  return AREA;
}

/** The answer of a function that returns nothing but can fail. */
export function outcome(error: PluginError | null): usize {
  return error ? failed(error) : succeeded();
}
