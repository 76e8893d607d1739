// From the host's blocks to objects. Whatever is lifted is also freed: the blocks were given to this side.

import { Fields } from "../fields";
import { HttpRequest } from "../http-request";
import { HttpResponse } from "../http-response";
import { JsonValue } from "../json/json-value";
import { decodeAt } from "../json/typed/codec";
import { ErrorKind, PluginError } from "../plugin-error";
import { Result } from "../result";
import { StreamRequest } from "../stream-request";
import { User } from "../user";
import { textOfUtf8 } from "../utf8";
import { free } from "./memory";

export function takeString(start: usize, length: usize): string {
  if (length == 0) return "";
  // What the host passes in is UTF-8.
  const text = textOfUtf8(start, length)!;
  free(start);
  return text;
}

export function takeBytes(start: usize, length: usize): Uint8Array {
  const bytes = new Uint8Array(<i32>length);
  if (length == 0) return bytes;
  memory.copy(bytes.dataStart, start, length);
  free(start);
  return bytes;
}

export function takeJson<T = JsonValue>(start: usize, length: usize): Result<T> {
  const value = decodeAt<T>(start, length);
  if (length) free(start);
  return value;
}

export function takeStrings(start: usize, length: usize): string[] {
  const strings = new Array<string>();
  for (let i: usize = 0; i < length; i++) strings.push(liftString(start + 8 * i));
  if (length) free(start);
  return strings;
}

export function takeFields(start: usize, length: usize, fields: Fields = new Fields()): Fields {
  for (let i: usize = 0; i < length; i++) {
    const at = start + 16 * i;
    fields.append(liftString(at), liftString(at + 8));
  }
  if (length) free(start);
  return fields;
}

// Strings, lists and `json` stand in a record as an address and a length.

export function liftString(at: usize): string {
  return takeString(load<usize>(at), load<usize>(at, 4));
}

export function liftBytes(at: usize): Uint8Array {
  return takeBytes(load<usize>(at), load<usize>(at, 4));
}

export function liftJson(at: usize): Result<JsonValue> {
  return takeJson(load<usize>(at), load<usize>(at, 4));
}

/** @param fields Where they are added. */
export function liftFields(at: usize, fields: Fields = new Fields()): Fields {
  return takeFields(load<usize>(at), load<usize>(at, 4), fields);
}

/** `error`: case 0, message 4. */
export function liftError(at: usize): PluginError {
  return new PluginError(<ErrorKind>load<u8>(at), liftString(at + 4));
}

/** `user`: id 0, name 4, roles 12, claims 20; 28 bytes. */
export function liftUser(at: usize): Result<User> {
  return takeUser(
    load<u32>(at),
    liftString(at + 4),
    takeStrings(load<usize>(at, 12), load<usize>(at, 16)),
    liftJson(at + 20),
  );
}

export function takeUser(id: u32, name: string, roles: string[], claims: Result<JsonValue>): Result<User> {
  if (claims.isErr) return claims.as<User>();
  return Result.ok(new User(id, name, roles, claims.value));
}

/**
 * `request`: id 0, method 8, path 16, params 24, query 32, headers 40, body 48, user 56 (an option: whether 56,
 * which 60); 88 bytes.
 */
export function liftRequest(at: usize): Result<HttpRequest> {
  const request = new HttpRequest(liftString(at + 8), liftString(at + 16));
  request.id = liftString(at);
  liftFields(at + 24, request.params);
  liftFields(at + 32, request.query);
  liftFields(at + 40, request.headers);
  if (load<usize>(at, 52)) request.body = liftBytes(at + 48);
  if (load<bool>(at, 56)) {
    const user = liftUser(at + 60);
    if (user.isErr) return user.as<HttpRequest>();
    request.user = user.value;
  }
  return Result.ok(request);
}

/**
 * `request-head`: id 0, method 8, path 16, params 24, query 32, headers 40, user 48 (an option: whether 48, which
 * 52); 80 bytes.
 */
export function liftRequestHead(at: usize): Result<StreamRequest> {
  const request = new StreamRequest(liftString(at + 8), liftString(at + 16));
  request.id = liftString(at);
  request.params = liftFields(at + 24);
  request.query = liftFields(at + 32);
  request.headers = liftFields(at + 40);
  if (load<bool>(at, 48)) {
    const user = liftUser(at + 52);
    if (user.isErr) return user.as<StreamRequest>();
    request.user = user.value;
  }
  return Result.ok(request);
}

/** `response`: status 0, headers 4, body 12; 20 bytes. */
export function liftResponse(at: usize): HttpResponse {
  const response = new HttpResponse(load<u16>(at));
  liftFields(at + 4, response.headers);
  response.body = liftBytes(at + 12);
  return response;
}
