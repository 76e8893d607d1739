/**
 * Modules by what they use. Every exported function takes i32 parameters, and is called with many numbers in
 * the module and in its rewritten forms: results, traps and memory must be the same.
 */
export const FAMILIES: Record<string, string> = {
  arithmetic: `
    (func (export "i32") (param i32 i32) (result i32)
      (i32.div_s (i32.mul (local.get 0) (i32.const 7)) (i32.rotl (local.get 1) (i32.const 3))))
    (func (export "i64") (param i32) (result i64)
      (i64.xor (i64.shl (i64.extend_i32_s (local.get 0)) (i64.const 33)) (i64.const -9223372036854775808)))
    (func (export "f64") (param i32) (result f64)
      (f64.sqrt (f64.mul (f64.convert_i32_s (local.get 0)) (f64.const 2.5))))
    (func (export "f32") (param i32) (result f32) (f32.nearest (f32.div (f32.convert_i32_u (local.get 0)) (f32.const 3))))
    (func (export "narrow") (param i32) (result i32) (i32.add (i32.extend8_s (local.get 0)) (i32.extend16_s (local.get 0))))
    (func (export "trunc") (param i32) (result i32) (i32.trunc_f64_s (f64.convert_i32_u (local.get 0))))
    (func (export "saturate") (param i32) (result i32)
      (i32.trunc_sat_f64_s (f64.mul (f64.convert_i32_s (local.get 0)) (f64.const 1e6))))`,

  "blocks and branches": `
    (func (export "if") (param i32) (result i32)
      (if (result i32) (i32.lt_s (local.get 0) (i32.const 5)) (then (i32.const 1)) (else (i32.const 2))))
    (func (export "if-alone") (param i32) (result i32) (local i32)
      (if (local.get 0) (then (local.set 1 (i32.const 9)))) (local.get 1))
    (func (export "switch") (param i32) (result i32)
      (block $d (block $c (block $b (block $a (br_table $a $b $c $d (local.get 0)))
        (return (i32.const 10))) (return (i32.const 11))) (return (i32.const 12))) (i32.const 13))
    (func (export "value") (param i32) (result i32)
      (block (result i32) (drop (br_if 0 (i32.const 1) (local.get 0))) (i32.const 2)))
    (func (export "out") (param i32) (result i32) (br 0 (local.get 0)) unreachable)
    (func (export "dead") (param i32) (result i32) (return (local.get 0)) (drop (i32.add)) (br_table 0 0 (i32.const 1)))
    (func (export "trap") (param i32) (if (i32.eqz (local.get 0)) (then unreachable)))
    (func (export "two") (param i32) (result i32 i32) (local.get 0) (i32.const 3))
    (func (export "params") (param i32) (result i32)
      (local.get 0) (block (param i32) (result i32) (i32.const 1) (i32.add)))`,

  loops: `
    (func (export "sum") (param i32) (result i32) (local i32)
      (local.set 0 (i32.and (local.get 0) (i32.const 0xffff)))
      (block $out (loop $next
        (br_if $out (i32.eqz (local.get 0)))
        (local.set 1 (i32.add (local.get 1) (local.get 0)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br $next)))
      (local.get 1))
    (func (export "long") (param i32) (result i32) (local i32)
      (loop $l
        (br_if 1 (local.get 1) (i32.gt_u (local.get 1) (i32.const 300))) drop
        ${"(local.set 1 (i32.add (local.get 1) (i32.const 1)))".repeat(2000)}
        (br_if $l (i32.lt_u (local.get 1) (i32.const 20000))))
      (local.get 1))
    (func (export "nested") (param i32) (result i32) (local i32 i32 i32)
      (local.set 1 (i32.const 50))
      (loop $i
        (local.set 2 (i32.const 50))
        (loop $j
          (local.set 3 (i32.add (local.get 3) (i32.xor (local.get 0) (local.get 2))))
          (br_if $j (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))
        (br_if $i (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
      (local.get 3))
    (func (export "leave-both") (param i32) (result i32) (local i32)
      (block $out (loop $i (loop $j
        (local.set 1 (i32.add (local.get 1) (i32.const 3)))
        (br_if $out (i32.gt_s (local.get 1) (i32.const 20000)))
        (br_if $i (i32.and (local.get 1) (i32.const 1)))
        (br $j))))
      (local.get 1))
    (func (export "table-out") (param i32) (result i32) (local i32)
      (block $c (block $b (block $a
        (loop $l
          (local.set 1 (i32.add (local.get 1) (i32.const 1)))
          (block $in
            (br_table $in $l $a $b $c (i32.rem_u (i32.add (local.get 1) (local.get 0)) (i32.const 7))))
          (br_if $l (i32.lt_u (local.get 1) (i32.const 9000))))
        (return (i32.const 1)))
        (return (i32.const 2)))
        (return (i32.const 3)))
      (local.get 1))
    (func (export "return-inside") (param i32) (result i32) (local i32)
      (loop $l
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (if (i32.gt_u (local.get 1) (i32.const 10000)) (then (return (local.get 1))))
        (br $l))
      unreachable)
    (func (export "function-label") (param i32) (result i32) (local i32)
      (loop $l (result i32)
        (drop (br_if 1 (local.get 1) (i32.gt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 9999))))
        (br $l)))
    (func (export "result") (param i32) (result i32) (local i32)
      (i32.const 5)
      (loop $l (result i32)
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (br_if $l (i32.lt_u (local.get 1) (i32.const 10000)))
        (local.get 1))
      (i32.add))
    (func (export "parameters") (param i32) (result i32)
      (i32.const 0) (i32.const 10000)
      (loop $l (param i32 i32) (result i32)
        (local.set 0) (i32.const 3) (i32.add)
        (i32.sub (local.get 0) (i32.const 1))
        (br_if $l (local.tee 0) (local.get 0))
        (drop)))
    (func (export "behind-values") (param i32) (result i32) (local i32)
      (local.get 0) (i32.const 4)
      (loop $l (br_if $l (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 10000))))
      (i32.add))`,

  "loops of a type far down the list": `
    ${"(type (func))".repeat(100)}
    (type $through (func (param i32) (result i32)))
    (func (export "sum") (param i32) (result i32) (local i32)
      (local.get 0)
      (loop $l (type $through)
        (i32.add (i32.const 3))
        (br_if $l (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 9000)))))`,

  calls: `
    (type $binary (func (param i32 i32) (result i32)))
    (table funcref (elem $add $sub))
    (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
    (func $sub (type $binary) (i32.sub (local.get 0) (local.get 1)))
    (func (export "direct") (param i32) (result i32) (call $sub (local.get 0) (call $add (local.get 0) (i32.const 1))))
    (func (export "indirect") (param i32 i32) (result i32)
      (call_indirect (type $binary) (local.get 0) (i32.const 2) (local.get 1)))
    (func $fib (export "fib") (param i32) (result i32)
      (local.set 0 (i32.and (local.get 0) (i32.const 15)))
      (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
        (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
    (func $even (export "even") (param i32) (result i32)
      (local.set 0 (i32.and (local.get 0) (i32.const 0xffff)))
      (if (result i32) (local.get 0) (then (return_call $odd (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 1))))
    (func $odd (param i32) (result i32)
      (if (result i32) (local.get 0) (then (return_call $even (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0))))
    (func (export "tail") (param i32) (result i32)
      (return_call_indirect (type $binary) (local.get 0) (i32.const 5) (i32.const 0)))
    (func (export "loop-then-call") (param i32) (result i32) (local i32)
      (loop $l (br_if $l (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 100))))
      (call $add (local.get 1) (local.get 0)))
    (func (export "loop-with-call") (param i32) (result i32) (local i32)
      (loop $l
        (local.set 0 (call $add (local.get 0) (local.get 1)))
        (br_if $l (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 10000))))
      (local.get 0))`,

  memory: `
    (memory (export "memory") 1 4) (data $text "hello, rewritten world") (data (i32.const 100) "active")
    (func (export "load") (param i32) (result i32) (i32.load8_u offset=90 (local.get 0)))
    (func (export "store") (param i32) (i32.store offset=8 align=1 (local.get 0) (i32.const 0x12345678)))
    (func (export "wide") (param i32) (result i64)
      (i64.store32 (i32.const 16) (i64.const -1)) (i64.load16_s (i32.const 18)))
    (func (export "fill") (param i32 i32) (memory.fill (local.get 0) (i32.const 0xab) (local.get 1)))
    (func (export "fill-few") (param i32) (memory.fill (local.get 0) (i32.const 0xcd) (i32.const 200)))
    (func (export "copy") (param i32 i32) (memory.copy (local.get 0) (local.get 1) (i32.const 2000)))
    (func (export "copy-few") (param i32 i32) (memory.copy (local.get 0) (local.get 1) (i32.const 9)))
    (func (export "copy-length") (param i32 i32) (memory.copy (i32.const 3) (local.get 0) (local.get 1)))
    (func (export "init") (param i32) (memory.init $text (i32.const 50) (i32.const 2) (local.get 0)))
    (func (export "size") (result i32) (memory.size))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "drop") (data.drop $text))`,

  "several memories": `
    (memory $a (export "a") 1 2) (memory $b (export "b") 1 3)
    (func (export "store") (param i32) (i32.store $b offset=4 (local.get 0) (i32.const 77)))
    (func (export "across") (param i32) (memory.copy $b $a (i32.const 8) (local.get 0) (local.get 0)))
    (func (export "back") (param i32) (memory.copy $a $b (local.get 0) (i32.const 0) (i32.const 3000)))
    (func (export "fill") (param i32) (memory.fill $b (i32.const 5) (i32.const 1) (local.get 0)))
    (func (export "grow") (param i32) (result i32 i32) (memory.grow $b (local.get 0)) (memory.size $a))`,

  tables: `
    (table $t 4 10 funcref) (table $e 3 8 externref) (elem $s func $f $g)
    (func $f (result i32) (i32.const 1)) (func $g (result i32) (i32.const 2))
    (func (export "init") (param i32) (table.init $t $s (local.get 0) (i32.const 0) (i32.const 2)))
    (func (export "call") (param i32) (result i32) (call_indirect $t (result i32) (local.get 0)))
    (func (export "copy") (param i32) (table.copy $t $t (i32.const 1) (i32.const 0) (local.get 0)))
    (func (export "fill") (param i32) (table.fill $e (i32.const 0) (ref.null extern) (local.get 0)))
    (func (export "grow") (param i32) (result i32) (table.grow $e (ref.null extern) (local.get 0)))
    (func (export "size") (result i32) (table.size $e))
    (func (export "set") (param i32) (table.set $t (local.get 0) (ref.func $g)))
    (func (export "is-null") (param i32) (result i32) (ref.is_null (table.get $t (local.get 0))))
    (func (export "select") (param i32) (result i32)
      (ref.is_null (select (result funcref) (ref.func $f) (ref.null func) (local.get 0))))
    (func (export "drop") (elem.drop $s))`,

  vectors: `
    (memory (export "memory") 1)
    (func (export "lanes") (param i32) (result i32)
      (i32x4.extract_lane 2 (i32x4.mul (i32x4.splat (local.get 0)) (v128.const i32x4 1 2 3 4))))
    (func (export "shuffle") (param i32) (result i64)
      (i64x2.extract_lane 1 (i8x16.shuffle 0 1 2 3 4 5 6 7 15 14 13 12 11 10 9 8
        (i8x16.splat (local.get 0)) (v128.const i64x2 5 6))))
    (func (export "access") (param i32)
      (v128.store offset=3 align=1 (i32.const 32) (v128.load8x8_s (i32.and (local.get 0) (i32.const 0xff))))
      (v128.store16_lane 3 (i32.const 64) (v128.load32_zero (i32.const 33))))
    (func (export "relaxed") (param i32) (result i32)
      (i32x4.extract_lane 0 (i32x4.relaxed_trunc_f32x4_s (f32x4.splat (f32.const 2.5)))))`,

  "exceptions, in the old form": `
    (tag $t (param i32))
    (func $throw (param i32) (if (local.get 0) (then (throw $t (local.get 0)))))
    (func (export "catch") (param i32) (result i32)
      try (result i32) (call $throw (local.get 0)) (i32.const -5)
      catch $t
      catch_all (i32.const -6)
      end)
    (func (export "rethrow") (param i32) (result i32)
      try (result i32)
        try (result i32) (call $throw (local.get 0)) (i32.const 1)
        catch_all (rethrow 0)
        end
      catch $t (i32.add (i32.const 1))
      end)
    (func (export "delegate") (param i32) (result i32)
      try (result i32)
        try (call $throw (local.get 0)) delegate 0
        (i32.const 3)
      catch_all (i32.const 4)
      end)
    (func (export "in-loop") (param i32) (result i32) (local i32)
      (loop $l
        try (call $throw (local.get 1)) catch $t (local.set 0 (i32.add (local.get 0))) end
        (br_if $l (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 50))))
      (local.get 0))
    (func (export "loop-then-throw") (param i32) (result i32) (local i32)
      try (result i32)
        (loop $l (br_if $l (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 9000))))
        (throw $t (local.get 1))
      catch $t
      end)
    (func (export "uncaught") (param i32) (call $throw (local.get 0)))`,

  "exceptions, in the new form": `
    (tag $t (param i32))
    (func $throw (param i32) (if (local.get 0) (then (throw $t (local.get 0)))))
    (func (export "catch") (param i32) (result i32)
      (block $h (result i32)
        (try_table (result i32) (catch $t $h) (call $throw (local.get 0)) (i32.const -5))))
    (func (export "reference") (param i32) (result i32)
      (block $outer (result i32)
        (try_table (catch $t $outer)
          (block $h (result i32 exnref)
            (try_table (catch_ref $t $h) (call $throw (local.get 0)))
            (return (i32.const 8)))
          (throw_ref))
        (i32.const 9)))
    (func (export "all") (param i32) (result i32)
      (block $h (try_table (catch_all $h) (call $throw (local.get 0))) (return (i32.const 1))) (i32.const 2))
    (func (export "in-loop") (param i32) (result i32) (local i32)
      (loop $l
        (local.set 0 (i32.add (local.get 0) (block $h (result i32) (try_table (catch $t $h) (call $throw (local.get 1))) (i32.const 1))))
        (br_if $l (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 50))))
      (local.get 0))`,

  "function references": `
    (type $unary (func (param i32) (result i32)))
    (elem declare func $twice)
    (func $twice (type $unary) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "call-ref") (param i32) (result i32) (call_ref $unary (local.get 0) (ref.func $twice)))
    (func (export "tail") (param i32) (result i32) (return_call_ref $unary (local.get 0) (ref.func $twice)))
    (func (export "null") (param i32) (result i32) (local (ref null $unary))
      (if (local.get 0) (then (local.set 1 (ref.func $twice))))
      (block $none (call_ref $unary (i32.const 4) (br_on_null $none (local.get 1))) (return)) (i32.const -1))
    (func (export "non-null") (param i32) (result i32) (local (ref null $unary))
      (if (local.get 0) (then (local.set 1 (ref.func $twice))))
      (local.get 0)
      (block $some (param i32) (result i32 (ref $unary)) (br_on_non_null $some (local.get 1)) (return))
      (call_ref $unary))
    (func (export "as") (param i32) (result i32) (local (ref null $unary))
      (if (local.get 0) (then (local.set 1 (ref.func $twice))))
      (call_ref $unary (i32.const 6) (ref.as_non_null (local.get 1))))`,

  "globals, data and start": `
    (import "env" "offset" (global $offset i32))
    (import "env" "note" (func $note (param i32)))
    (global $g (export "g") (mut i32) (i32.add (global.get $offset) (i32.const 5)))
    (memory (export "memory") 1) (data (i32.add (global.get $offset) (i32.const 1)) "xyz")
    (func $start (global.set $g (i32.mul (global.get $g) (i32.const 3))) (call $note (global.get $g)))
    (start $start)
    (func (export "get") (param i32) (result i32) (call $note (local.get 0)) (global.get $g))`,
};
