// Worker threads that are asked together, and that come to rest before the process ends.
import { InternalError } from '../../errors.js';
import { onLeaving } from '../../interruption.js';
import { sharedFloats } from '../model-state.js';
import { lengthsOf, trainedOf } from '../update/dense-update.js';
import { type AskedWorker, askedWorker } from './asked-worker.js';
import { newMeeting, stopMeeting } from './meeting.js';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.js';

interface WorkerPool {
  /**
   * What every worker answers to the request, which may be made before the last one is answered. Throws what one of them met, and
   * InternalError where nothing came of it since an earlier step failed.
   */
  askAll(request: WorkerRequest): Promise<readonly WorkerReply[]>;
  close(): Promise<void>;
}

/** Starts so many workers, each with its place among them, and waits until they are ready. Throws the UserError that one of them met. */
export async function workerPool(
  start: Omit<WorkerStart, 'party' | 'meeting'>,
  count: number,
): Promise<WorkerPool> {
  const meeting = newMeeting();
  const shared = {
    squares: new Float64Array(new SharedArrayBuffer(8 * count)),
    sums: new Map(
      [...lengthsOf(trainedOf(start.side.parameters))].map(([name, length]) => [name, sharedFloats(length)]),
    ),
  };
  const workers = Array.from({ length: count }, (_, index) =>
    askedWorker({ ...start, meeting, party: { ...shared, share: { index, of: count } } }, () =>
      stopMeeting(meeting),
    ),
  );
  let resting = false;
  /** Of what was asked last, of all of them. */
  let number = 0;
  /** Ended within a native call, a worker would take the process down. */
  const terminate = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.settled()));
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  const withdraw = onLeaving(async () => {
    resting = true;
    // Each worker ends the tile it is at.
    stopMeeting(meeting);
    await terminate();
  });
  try {
    await Promise.all(workers.map(({ ready }) => ready));
  } catch (error) {
    withdraw();
    await terminate();
    throw error;
  }
  return {
    async askAll(request) {
      if (resting) return never();
      const asked = workers.map((worker) => worker.ask(request));
      number++;
      if (request.kind === 'step') tellOthers(asked[0]!, workers.slice(1), number);
      const replies = await Promise.all(asked);
      // Half of a batch is no result.
      if (resting) return never();
      if (replies.some(({ kind }) => kind === 'stopped')) throw new InternalError('the workers have stopped');
      return replies;
    },
    async close() {
      withdraw();
      await terminate();
    },
  };
}

/** The first worker speaks for all that took a step with it: a message less for each of the others, which wakes the main thread. */
function tellOthers(
  first: Promise<WorkerReply>,
  others: readonly Pick<AskedWorker, 'stepped'>[],
  number: number,
): void {
  first.then(
    ({ kind }) => {
      if (kind === 'stepped') for (const worker of others) worker.stepped(number);
    },
    // Whoever asked learns of it, and the others answer for themselves.
    () => undefined,
  );
}

const never = (): Promise<never> => new Promise(() => undefined);
