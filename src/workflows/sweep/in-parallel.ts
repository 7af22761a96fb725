// Several pieces of work at a time, each begun in its turn.

/** Runs `work` for 0 … count − 1, at most `jobs` at a time. After a failure nothing more is begun; the first is thrown when all are at rest. */
export async function inParallel(
  count: number,
  jobs: number,
  work: (place: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    while (next < count && failures.length === 0) {
      try {
        await work(next++);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, count) }, lane));
  if (failures.length > 0) throw failures[0];
}
