// What must be undone when the user stops the program: half-filled folders and the mark that a run is at work. And what
// must come to rest before the process may end.

/** Undoes something at once (synchronously); may return a line that tells the user what was kept. */
type Cleanup = () => string | undefined;

const cleanups = new Set<Cleanup>();

/** Registers a clean-up for the time some work is unfinished; the returned function withdraws it. */
export function onInterruption(cleanup: Cleanup): () => void {
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
  };
}

/** Runs every registered clean-up, the latest first, and returns what they have to tell the user. */
export function interrupt(): readonly string[] {
  const lines: string[] = [];
  for (const cleanup of [...cleanups].reverse()) {
    const line = cleanup();
    if (line !== undefined) lines.push(line);
  }
  cleanups.clear();
  return lines;
}

/** Brings work on other threads to rest: what they are at is ended, nothing more is begun, nobody gets a result any more. */
type Rest = () => Promise<void>;

const working = new Set<Rest>();

/** Registers work on other threads while it lasts; the returned function withdraws it. */
export function onLeaving(rest: Rest): () => void {
  working.add(rest);
  return () => {
    working.delete(rest);
  };
}

/** Waits until all registered work rests, or for `mostMs` milliseconds. */
export async function comeToRest(mostMs: number): Promise<void> {
  if (working.size === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, mostMs);
  });
  await Promise.race([Promise.allSettled([...working].map((rest) => rest())), enough]);
  clearTimeout(timer);
}
