import {
  ErrorKind,
  Fields,
  HttpRequest,
  HttpResponse,
  JsonValue,
  PluginError,
  Result,
  User,
} from "tusk-plugin-as";
import { expect } from "./expect";

export function fields_keep_their_order_and_repeat(): void {
  const fields = new Fields();
  fields.append("a", "1");
  fields.append("b", "2");
  fields.append("a", "3");
  expect(fields.get("a")!, "1");
  expect(fields.all("a").join(), "1,3");
  assert(fields.get("A") === null);
  expect(fields.getIgnoringCase("A")!, "1");
  assert(!fields.has("c"));
}

export function headers_are_found_in_any_case(): void {
  const request = new HttpRequest("GET", "/");
  request.headers.append("content-type", "text/plain");
  expect(request.header("Content-Type")!, "text/plain");
  assert(request.header("content-typo") === null);
  assert(request.header("contenttype") === null);
}

export function responses_say_what_they_carry(): void {
  const json = HttpResponse.json(JsonValue.object().set("a", 1), 201);
  expect(json.status, 201);
  expect(json.header("content-type")!, "application/json");
  expect(json.text(), '{"a":1}');
  expect(HttpResponse.text("é").body.length, 2);
  expect(HttpResponse.notFound().status, 404);
  expect(HttpResponse.redirect("/x").header("location")!, "/x");
}

export function a_body_is_read_as_json_if_it_is_json(): void {
  const request = new HttpRequest("POST", "/");
  request.body = HttpResponse.text('{"a":[1]}').body;
  expect(request.json().value.get("a").at(0).asI64(), 1);
  request.body = HttpResponse.text("{").body;
  expect<i32>(request.json().error!.kind, ErrorKind.InvalidInput);
  request.body = new Uint8Array(1).fill(0xff);
  assert(request.json().isErr);
  expect(request.text(), "\ufffd");
}

export function a_result_is_a_value_or_an_error(): void {
  const good = Result.ok(7);
  assert(good.isOk && !good.isErr && good.error === null);
  expect(good.value, 7);
  const bad = Result.err<string>(PluginError.timeout("late"));
  assert(bad.isErr);
  expect(bad.as<i32>().error!.message, "late");
}

export function traps_when_the_value_of_an_error_is_taken(): void {
  Result.err<string>(PluginError.timeout("late")).value;
}

export function a_user_has_roles(): void {
  const user = new User(1, "ada", ["admin"]);
  assert(user.hasRole("admin") && !user.hasRole("adm"));
}

@json
class Note {
  text: string;
}

export function a_body_is_read_as_a_class_and_written_of_one(): void {
  const request = new HttpRequest("POST", "/");
  request.body = HttpResponse.json(JsonValue.object().set("text", "a")).body;
  const note = request.json<Note>().value;
  expect(note.text, "a");
  expect(HttpResponse.json([note]).text(), '[{"text":"a"}]');
  request.body = HttpResponse.text('{"text":1}').body;
  expect(request.json<Note>().error!.message, "text: expected a string, found 1");
  request.body = new Uint8Array(1).fill(0xff);
  expect(request.json<Note[]>().error!.message, "not JSON: the body is not UTF-8");
}
