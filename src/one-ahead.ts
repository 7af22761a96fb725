// A sequence whose next element is made while the present one is being used.

/**
 * The elements of `source` in order. When an element is handed out and its user first waits for something, the next
 * one is already being made. A source that is not used up is closed.
 */
export async function* oneAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    let upcoming = source.next();
    for (;;) {
      const { value, done } = await upcoming;
      if (done === true) return;
      upcoming = afterPresent(source);
      // Should the user stop here, nobody waits for it any more.
      upcoming.catch(() => undefined);
      yield value;
    }
  } finally {
    await source.return(undefined);
  }
}

/** The next element, begun when what is under way has come to its first wait. */
async function afterPresent<T>(source: AsyncGenerator<T>): Promise<IteratorResult<T>> {
  await new Promise((resolve) => setImmediate(resolve));
  return source.next();
}
