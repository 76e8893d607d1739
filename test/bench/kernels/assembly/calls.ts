// Fibonacci, the slow way: nothing but calls.

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < rounds; i++) sum += <f64>fib(24 + (i & 1));
  return sum;
}

function fib(n: i32): i32 {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
