/** A Redis server: "redis://user:password@cache.example.com:6379/0". Returns what is wrong with it as a text. */
export function parseRedisUrl(written: string): { url: string } | string {
  const url = URL.parse(written);
  const isRedis = url?.protocol === "redis:" || url?.protocol === "rediss:";
  if (isRedis && url.hostname !== "") return { url: written };
  return 'should be the URL of a Redis server, such as "redis://user:password@cache.example.com:6379/0"';
}
