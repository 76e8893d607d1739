/** Waits for what does not keep the event loop going by itself: a plugin's call depends on it. */
export async function keepingAwake<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 60_000);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}
