/** A mail server: "smtp://user:password@mail.example.com:587". Returns what is wrong with it as a text. */
export function parseMailUrl(written: string): { url: string } | string {
  const url = URL.parse(written);
  const isMail = url?.protocol === "smtp:" || url?.protocol === "smtps:";
  if (isMail && url.hostname !== "") return { url: written };
  return 'should be the URL of a mail server, such as "smtp://user:password@mail.example.com:587"';
}
