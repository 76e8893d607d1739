const URL_PASSWORD = /([a-z][a-z0-9+.-]{0,20}:\/\/[^/?#\s:@]{0,200}:)([^/?#\s@]{1,1000})(?=@)/gi;

/** The passwords in the URLs of a text (`postgres://user:password@host/name`), as written and decoded. */
export function urlPasswordsIn(text: string): string[] {
  return [...text.matchAll(URL_PASSWORD)].flatMap(([, , password = ""]) => [password, decode(password)]);
}

/** The text with `[secret]` in place of each password of a URL. */
export function hideUrlPasswords(text: string): string {
  return text.replace(URL_PASSWORD, "$1[secret]");
}

function decode(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
