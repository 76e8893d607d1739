/** What a plugin does next when its slice of fuel is used up. */
export const NEXT = { go: 0, trap: 1, yield: 2 } as const;
export type Next = (typeof NEXT)[keyof typeof NEXT];

/** How the host decides; `yieldTurn` is waited for. */
interface HookHandlers {
  outOfFuel(): Next;
  yieldTurn(): Promise<void>;
  /** Whether a memory may grow by so many pages: 1 or 0. @see HOOK_SLOT.grow */
  mayGrow(deltaPages: number): number;
}

/**
 * A small module between the plugin and the host, for two reasons. A trap must be an `unreachable` that is
 * executed in WebAssembly, since a plugin could catch whatever JavaScript throws. And only a call that is to
 * suspend may go through a suspending import: where JavaScript is on the stack, suspending is an error.
 *
 * ```wat
 * (module
 *   (import "host" "outOfFuel" (func $outOfFuel (result i32)))
 *   (import "host" "yieldTurn" (func $yieldTurn))
 *   (import "host" "mayGrow" (func $mayGrow (param i32) (result i32)))
 *   (func (export "fuel") (local $next i32)
 *     (local.set $next (call $outOfFuel))
 *     (if (i32.eq (local.get $next) (i32.const 1)) (then unreachable))
 *     (if (i32.eq (local.get $next) (i32.const 2))
 *       (then
 *         (call $yieldTurn)
 *         ;; It may have been told to stop while it waited.
 *         (if (i32.eq (call $outOfFuel) (i32.const 1)) (then unreachable)))))
 *   (func (export "grow") (param i32) (result i32) (call $mayGrow (local.get 0))))
 * ```
 */
const HOOK_MODULE = new WebAssembly.Module(
  Buffer.from(
    "0061736d01000000010d036000017f60000060017f017f02320304686f7374096f75744f664675656c00000468" +
      "6f7374097969656c645475726e000104686f7374076d617947726f7700020303020102070f02046675656c0003" +
      "0467726f7700040a2d022401017f1000210020004101460440000b20004102460440100110004101460440000b" +
      "0b0b0600200010020b",
    "hex",
  ),
);

/** The two functions for a core module's hook table: slot 0 when fuel runs out, slot 1 before memory grows. */
export function createHook(handlers: HookHandlers): { fuel: unknown; grow: unknown } {
  const { fuel, grow } = new WebAssembly.Instance(HOOK_MODULE, {
    host: {
      outOfFuel: () => handlers.outOfFuel(),
      yieldTurn: new WebAssembly.Suspending(() => handlers.yieldTurn()),
      mayGrow: (deltaPages: number) => handlers.mayGrow(deltaPages),
    },
  }).exports;
  return { fuel, grow };
}
