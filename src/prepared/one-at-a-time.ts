// Lets asynchronous work on one shared thing, such as a database connection that streams, go one after the other.

/** Runs what it is given in turn; a failure reaches its own caller only. */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    // Whatever became of the work before, this one follows; its own caller hears of it.
    const next = last.then(work, work);
    last = next;
    return next;
  };
}
