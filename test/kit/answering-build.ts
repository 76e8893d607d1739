import { buildWat } from "../hostile/wat-plugin.ts";

/** A build that answers every query with a number below 128. */
export function answering(mark: number): Promise<Uint8Array> {
  return buildWat({
    query: `(i32.store8 (i32.const 2048) (i32.const ${mark})) (i32.store8 (i32.const 128) (i32.const 0))
      (i32.store (i32.const 132) (i32.const 2048)) (i32.store (i32.const 136) (i32.const 1)) (i32.const 128)`,
  });
}
