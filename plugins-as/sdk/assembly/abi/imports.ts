// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

// Every import of the contract in its flat form. Only those that a plugin calls end up in its binary, and so
// among the permissions that it asks for.
//
// An ArrayBuffer stands for the address of its bytes; `out` is where a result goes that needs more than one
// value. In a file of its own, because formatters take decorated functions for a mistake.

@external("tusk:plugin/config@0.1.0", "get")
export declare function config_get(key: ArrayBuffer, keyLength: i32, out: usize): void;
@external("tusk:plugin/config@0.1.0", "all")
export declare function config_all(out: usize): void;

@external("tusk:plugin/logger@0.1.0", "log")
export declare function logger_log(level: i32, message: usize, messageLength: i32, hasFields: bool, fields: usize, fieldsLength: i32): void;

@external("tusk:plugin/clock@0.1.0", "now-ms")
export declare function clock_nowMs(): u64;
@external("tusk:plugin/clock@0.1.0", "monotonic-ns")
export declare function clock_monotonicNs(): u64;

@external("tusk:plugin/timer@0.1.0", "sleep")
export declare function timer_sleep(durationMs: u32): void;

@external("tusk:plugin/random@0.1.0", "get-bytes")
export declare function random_getBytes(length: u32, out: usize): void;
@external("tusk:plugin/random@0.1.0", "get-u64")
export declare function random_getU64(): u64;

@external("tusk:plugin/http-streams@0.1.0", "request-body")
export declare function httpStreams_requestBody(out: usize): void;
@external("tusk:plugin/http-streams@0.1.0", "respond")
export declare function httpStreams_respond(status: i32, headers: usize, headersLength: i32, out: usize): void;
@external("tusk:plugin/http-streams@0.1.0", "[resource-drop]input-body")
export declare function inputBody_drop(handle: i32): void;
@external("tusk:plugin/http-streams@0.1.0", "[method]input-body.read")
export declare function inputBody_read(handle: i32, maxBytes: u32, out: usize): void;
@external("tusk:plugin/http-streams@0.1.0", "[resource-drop]output-body")
export declare function outputBody_drop(handle: i32): void;
@external("tusk:plugin/http-streams@0.1.0", "[method]output-body.write")
export declare function outputBody_write(handle: i32, bytes: usize, length: i32, out: usize): void;
@external("tusk:plugin/http-streams@0.1.0", "[method]output-body.finish")
export declare function outputBody_finish(handle: i32, out: usize): void;

@external("tusk:plugin/cache@0.1.0", "get")
export declare function cache_get(key: ArrayBuffer, keyLength: i32, out: usize): void;
@external("tusk:plugin/cache@0.1.0", "set")
export declare function cache_set(key: ArrayBuffer, keyLength: i32, value: ArrayBuffer, valueLength: i32, hasTtl: bool, ttlMs: u64, out: usize): void;
@external("tusk:plugin/cache@0.1.0", "delete")
export declare function cache_delete(key: ArrayBuffer, keyLength: i32, out: usize): void;

@external("tusk:plugin/database@0.1.0", "open")
export declare function database_open(name: ArrayBuffer, nameLength: i32, out: usize): void;
@external("tusk:plugin/database@0.1.0", "[resource-drop]connection")
export declare function connection_drop(handle: i32): void;
@external("tusk:plugin/database@0.1.0", "[method]connection.query")
export declare function connection_query(handle: i32, sql: ArrayBuffer, sqlLength: i32, params: ArrayBuffer, paramsLength: i32, out: usize): void;
@external("tusk:plugin/database@0.1.0", "[method]connection.execute")
export declare function connection_execute(handle: i32, sql: ArrayBuffer, sqlLength: i32, params: ArrayBuffer, paramsLength: i32, out: usize): void;
@external("tusk:plugin/database@0.1.0", "[method]connection.begin")
export declare function connection_begin(handle: i32, out: usize): void;
@external("tusk:plugin/database@0.1.0", "[method]connection.backup")
export declare function connection_backup(handle: i32, path: ArrayBuffer, pathLength: i32, out: usize): void;
@external("tusk:plugin/database@0.1.0", "[resource-drop]transaction")
export declare function transaction_drop(handle: i32): void;
@external("tusk:plugin/database@0.1.0", "[method]transaction.query")
export declare function transaction_query(handle: i32, sql: ArrayBuffer, sqlLength: i32, params: ArrayBuffer, paramsLength: i32, out: usize): void;
@external("tusk:plugin/database@0.1.0", "[method]transaction.execute")
export declare function transaction_execute(handle: i32, sql: ArrayBuffer, sqlLength: i32, params: ArrayBuffer, paramsLength: i32, out: usize): void;
@external("tusk:plugin/database@0.1.0", "[method]transaction.commit")
export declare function transaction_commit(handle: i32, out: usize): void;
@external("tusk:plugin/database@0.1.0", "[method]transaction.rollback")
export declare function transaction_rollback(handle: i32, out: usize): void;

@external("tusk:plugin/http-client@0.1.0", "send")
export declare function httpClient_send(method: usize, methodLength: i32, url: usize, urlLength: i32, headers: usize, headersLength: i32, body: usize, bodyLength: i32, hasTimeout: bool, timeoutMs: u32, out: usize): void;

@external("tusk:plugin/mail@0.1.0", "send")
export declare function mail_send(to: usize, toLength: i32, subject: usize, subjectLength: i32, text: usize, textLength: i32, hasHtml: bool, html: usize, htmlLength: i32, out: usize): void;
@external("tusk:plugin/mail@0.1.0", "verify")
export declare function mail_verify(out: usize): void;

@external("tusk:plugin/peers@0.1.0", "call")
export declare function peers_call(plugin: ArrayBuffer, pluginLength: i32, capability: ArrayBuffer, capabilityLength: i32, name: ArrayBuffer, nameLength: i32, args: ArrayBuffer, argsLength: i32, out: usize): void;
