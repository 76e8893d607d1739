/**
 * The first `maxLength` UTF-16 units of a text that somebody else chose, well-formed. It is a text of its own: V8 keeps
 * the whole of what a part was taken from for as long as the part is kept.
 */
export function cutText(text: string, maxLength: number): string {
  return text.length > maxLength ? Buffer.from(text.slice(0, maxLength)).toString() : text;
}
