// Where worker threads wait for each other, in memory that they share.

/** Counts in shared memory; one meeting at a time, of the same workers. */
export type Meeting = Int32Array<SharedArrayBuffer>;

/** How many have come; how many meetings there were; whether there will be no other; how many sleep or are about to. */
const [ARRIVED, ROUND, STOPPED, SLEEPING] = [0, 1, 2, 3];

/**
 * How often a worker looks at the count before it sleeps. To be woken takes fifty microseconds and more, up to some milliseconds where the
 * system wakes it on the core of another. On cores of its own it looks for as long as waits take, one or two milliseconds at most. Where
 * threads share a core looks keep from it the very one that is waited for, so that they end in sleep, and become few.
 */
const LOOKS = { few: 500, most: 1_000_000 };
/** Of this thread. */
let looks = LOOKS.few;

/** The others are not to be waited for: one of them has failed, or the process is being left. */
export class Stopped extends Error {}

export const newMeeting = (): Meeting => new Int32Array(new SharedArrayBuffer(4 * 4));

/** Waits until `of` workers have called it. What one wrote to shared memory before, the others see afterwards. Throws Stopped. */
export function meet(meeting: Meeting, of: number): void {
  // In this order: a meeting that ends after the look has another round then, and nobody sleeps through it.
  const round = Atomics.load(meeting, ROUND);
  goOn(meeting);
  if (Atomics.add(meeting, ARRIVED, 1) === of - 1) {
    Atomics.store(meeting, ARRIVED, 0);
    next(meeting);
  } else {
    let left = looks;
    while (left > 0 && Atomics.load(meeting, ROUND) === round) left--;
    looks = left > 0 ? Math.min(LOOKS.most, 2 * looks) : Math.max(LOOKS.few, looks / 2);
    while (Atomics.load(meeting, ROUND) === round) {
      Atomics.add(meeting, SLEEPING, 1);
      Atomics.wait(meeting, ROUND, round);
      Atomics.sub(meeting, SLEEPING, 1);
    }
  }
  goOn(meeting);
}

/** Throws Stopped where the meeting is over for good. */
export function goOn(meeting: Meeting): void {
  if (Atomics.load(meeting, STOPPED) !== 0) throw new Stopped();
}

/** Ends the meeting for good: whoever waits or comes later gets Stopped. */
export function stopMeeting(meeting: Meeting): void {
  Atomics.store(meeting, STOPPED, 1);
  next(meeting);
}

function next(meeting: Meeting): void {
  Atomics.add(meeting, ROUND, 1);
  // Whoever counts as asleep only after this look sees the new round and does not sleep. To wake nobody costs some twenty microseconds.
  if (Atomics.load(meeting, SLEEPING) > 0) Atomics.notify(meeting, ROUND);
}
