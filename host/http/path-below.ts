/** A path as a plugin sees it that is mounted at `mount`. What is not below it, as middleware may have made it, stays. */
export function pathBelow(mount: string, path: string): string {
  if (path === mount) return "/";
  return path.startsWith(`${mount}/`) ? path.slice(mount.length) : path;
}
