import type { Place } from "./source.ts";

/**
 * Why a piece of settings cannot be read, thrown inside this room only: whoever reads the settings catches
 * it, adds it to the list of problems and goes on with the next piece.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly place: Place | undefined;

  /** `reason` is one or more sentences. Without a place it gets that of the operator which it came from. */
  constructor(reason: string, place?: Place, options?: ErrorOptions) {
    super(reason, options);
    this.place = place;
  }
}

/** Thrown where a value is missing because of a problem that is in the list already. */
export class AlreadyReported extends Error {
  override readonly name = "AlreadyReported";
}
