// What must be undone when the user stops the program: half-filled folders and the mark that a run is at work.

/** Undoes something at once (synchronously); may return a line that tells the user what was kept. */
export type Cleanup = () => string | undefined;

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
