/** A name with its value: a header, a query parameter, a parameter of a path. */
export class Field {
  constructor(
    public name: string,
    public value: string,
  ) {}
}
