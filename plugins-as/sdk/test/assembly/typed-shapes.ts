import * as shapes from "./typed-level";
import { Level as Rank } from "./typed-level";

export { Level } from "./typed-level";

@json
export class Account {
  level: Rank;
  history: Map<string, shapes.Level[]> = new Map<string, shapes.Level[]>();
}

@json
export default class Visit {
  at: f64;
}
