import { Field } from "./field";

// What all share that have no fields yet: most have none.
const NONE: Field[] = [];

/** Names with their values, in their order; a name may stand repeatedly. */
export class Fields {
  private list: Field[] = NONE;

  get length(): i32 {
    return this.list.length;
  }

  /** The field at an index. Traps if there is none. */
  at(index: i32): Field {
    return this.list[index];
  }

  /** The value of the first field of this name, or null. */
  get(name: string): string | null {
    for (let i = 0, n = this.list.length; i < n; i++) {
      if (this.list[i].name == name) return this.list[i].value;
    }
    return null;
  }

  /** The same where the case of ASCII letters does not matter, as in the names of headers. */
  getIgnoringCase(name: string): string | null {
    for (let i = 0, n = this.list.length; i < n; i++) {
      if (equalIgnoringCase(this.list[i].name, name)) return this.list[i].value;
    }
    return null;
  }

  /** The values of all fields of this name. */
  all(name: string): string[] {
    const values: string[] = [];
    for (let i = 0, n = this.list.length; i < n; i++) {
      if (this.list[i].name == name) values.push(this.list[i].value);
    }
    return values;
  }

  has(name: string): bool {
    return this.get(name) !== null;
  }

  append(name: string, value: string): void {
    if (this.list === NONE) this.list = [];
    this.list.push(new Field(name, value));
  }
}

// The standard library's `toLowerCase` would bring 10 KB of Unicode tables along.
function equalIgnoringCase(a: string, b: string): bool {
  if (a.length != b.length) return false;
  for (let i = 0, n = a.length; i < n; i++) {
    if (lower(a.charCodeAt(i)) != lower(b.charCodeAt(i))) return false;
  }
  return true;
}

function lower(char: i32): i32 {
  return char >= 0x41 && char <= 0x5a ? char | 0x20 : char;
}
