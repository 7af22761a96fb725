// Where worker threads wait for each other, in memory that they share.

/** Counts in shared memory; one meeting at a time, of the same workers. */
export type Meeting = Int32Array<SharedArrayBuffer>;

/** How many have come; how many meetings there were; whether there will be no other. */
const [ARRIVED, ROUND, STOPPED] = [0, 1, 2];

/** Looks at the count before a worker sleeps: some microseconds, where to be woken takes fifty. */
const LOOKS = 2000;

/** The others are not to be waited for: one of them has failed, or the process is being left. */
export class Stopped extends Error {}

export const newMeeting = (): Meeting => new Int32Array(new SharedArrayBuffer(3 * 4));

/** Waits until `of` workers have called it. What one wrote to shared memory before, the others see afterwards. Throws Stopped. */
export function meet(meeting: Meeting, of: number): void {
  // In this order: a meeting that ends after the look has another round then, and nobody sleeps through it.
  const round = Atomics.load(meeting, ROUND);
  goOn(meeting);
  if (Atomics.add(meeting, ARRIVED, 1) === of - 1) {
    Atomics.store(meeting, ARRIVED, 0);
    next(meeting);
  } else {
    for (let i = 0; i < LOOKS && Atomics.load(meeting, ROUND) === round; i++);
    while (Atomics.load(meeting, ROUND) === round) Atomics.wait(meeting, ROUND, round);
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
  Atomics.notify(meeting, ROUND);
}
