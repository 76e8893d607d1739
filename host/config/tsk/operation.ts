import { describeValue } from "../describe-value.ts";
import type { JsonValue } from "../json-value.ts";
import { Refusal } from "../refusal.ts";
import type { BinaryOperator } from "./syntax.ts";

/** Every operator but `&&` and `||`, which need not know their right side. */
type ValueOperator = Exclude<BinaryOperator, "&&" | "||">;

/** @throws Refusal if the operator makes nothing of such values. */
export function operate(operator: ValueOperator, left: JsonValue, right: JsonValue): JsonValue {
  switch (operator) {
    case "==":
      return isSame(left, right);
    case "!=":
      return !isSame(left, right);
    case "+":
      if (typeof left === "number" && typeof right === "number") return finite(left + right);
      return textOf(left) + textOf(right);
    case "-":
    case "*":
    case "/":
    case "%":
      return calculate(operator, numberOf(operator, left), numberOf(operator, right));
    default:
      return isInOrder(operator, left, right);
  }
}

/** How a value stands in a text. @throws Refusal if it has no such form. */
export function textOf(value: JsonValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Refusal(`This is ${describeValue(value)}, and no text can be made of it.`);
}

/** @throws Refusal if the value is anything but true, false or null, which counts as false. */
export function conditionOf(value: JsonValue): boolean {
  if (typeof value === "boolean") return value;
  if (value === null) return false;
  const kind = typeof value === "string" ? "a text" : describeValue(value);
  throw new Refusal(
    `A condition is true or false, and this is ${kind}. Compare it with something: … == "on".`,
  );
}

/** @throws Refusal if it is no number. */
export function negate(value: JsonValue): number {
  return -numberOf("-", value);
}

function isSame(left: JsonValue, right: JsonValue): boolean {
  for (const side of [left, right]) {
    if (typeof side === "object" && side !== null) {
      throw new Refusal(`This is ${describeValue(side)}, and only single values can be compared.`);
    }
  }
  return left === right;
}

function isInOrder(operator: "<" | "<=" | ">" | ">=", left: JsonValue, right: JsonValue): boolean {
  const isNumbers = typeof left === "number" && typeof right === "number";
  if (!isNumbers && !(typeof left === "string" && typeof right === "string")) {
    throw new Refusal(`The sides of ${operator} are two numbers or two texts.`);
  }
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  return operator === ">" ? left > right : left >= right;
}

function calculate(operator: "-" | "*" | "/" | "%", left: number, right: number): number {
  if (operator === "-") return finite(left - right);
  if (operator === "*") return finite(left * right);
  return finite(operator === "/" ? left / right : left % right);
}

function numberOf(operator: string, value: JsonValue): number {
  if (typeof value === "number") return value;
  throw new Refusal(
    `The sides of ${operator} are numbers, and this is ${typeof value === "string" ? "a text" : describeValue(value)}.`,
  );
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new Refusal("This comes to no number.");
}
