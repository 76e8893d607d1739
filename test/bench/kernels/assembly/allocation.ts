// Builds trees and drops them: the allocator and the garbage collector of AssemblyScript.

class Node {
  constructor(
    public left: Node | null,
    public right: Node | null,
  ) {}
}

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < rounds; i++) sum += <f64>count(build(13));
  return sum;
}

function build(depth: i32): Node {
  return depth == 0 ? new Node(null, null) : new Node(build(depth - 1), build(depth - 1));
}

function count(node: Node): i32 {
  const left = node.left;
  const right = node.right;
  return 1 + (left ? count(left) : 0) + (right ? count(right) : 0);
}
