// Builds, splits, and counts strings in a map, as plugins do.

export function run(rounds: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < rounds; i++) sum += <f64>countWords();
  return sum;
}

function countWords(): i32 {
  let text = "";
  for (let i = 0; i < 200; i++) text += "word" + (i % 50).toString() + " ";
  const counts = new Map<string, i32>();
  const words = text.split(" ");
  for (let i = 0; i < words.length; i++) {
    const word = words[i].trim().toUpperCase();
    counts.set(word, counts.has(word) ? counts.get(word) + 1 : 1);
  }
  let sum = counts.size;
  const keys = counts.keys();
  for (let i = 0; i < keys.length; i++) sum += keys[i].length * counts.get(keys[i]);
  return sum;
}
