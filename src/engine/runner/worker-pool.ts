// Worker threads that are asked together, and that come to rest before the process ends.
import { Worker } from 'node:worker_threads';
import { InternalError, UserError } from '../../errors.js';
import { onLeaving } from '../../interruption.js';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.js';

interface WorkerPool {
  /** What every worker answers to the request. One request at a time. */
  askAll(request: WorkerRequest): Promise<readonly WorkerReply[]>;
  close(): Promise<void>;
}

/** More tiles than any batch has. */
const ALL_TILES = 2 ** 30;

/** The compiled worker script, also when this module itself runs from TypeScript sources (in tests). */
function workerScript(): URL {
  const here = new URL('./tile-worker.js', import.meta.url);
  return import.meta.url.endsWith('.ts') ? new URL(here.href.replace('/src/', '/dist/src/')) : here;
}

/** Starts so many workers, each with a share of the tables' rows, and waits until they are ready. Throws the UserError that one of them met. */
export async function workerPool(start: Omit<WorkerStart, 'share'>, count: number): Promise<WorkerPool> {
  const workers = Array.from(
    { length: count },
    (_, index) => new Worker(workerScript(), { workerData: { ...start, share: { index, of: count } } }),
  );
  let resting = false;
  let taken: Int32Array | undefined;
  const opened = workers.map(answer);
  let answers: Promise<readonly WorkerReply[]> = Promise.all(opened);
  const terminate = (): Promise<unknown> => Promise.all(workers.map((worker) => worker.terminate()));
  const withdraw = onLeaving(async () => {
    resting = true;
    // Every tile counts as taken: each worker ends the one it is at. Ended within a native call, it would take the process down.
    if (taken !== undefined) Atomics.store(taken, 0, ALL_TILES);
    await answers.catch(() => undefined);
    await terminate();
  });
  try {
    await answers;
  } catch (error) {
    withdraw();
    // The others are still within the runtime, and ended there they would take the process down.
    await Promise.allSettled(opened);
    await terminate();
    throw error;
  }
  return {
    askAll(request) {
      if (resting) return never();
      taken = 'taken' in request ? request.taken : undefined;
      answers = Promise.all(
        workers.map((worker) => {
          worker.postMessage(request);
          return answer(worker);
        }),
      );
      // Half of a batch is no result.
      return answers.then((replies) => (resting ? never() : replies));
    },
    async close() {
      withdraw();
      await terminate();
    },
  };
}

const never = (): Promise<never> => new Promise(() => undefined);

function answer(worker: Worker): Promise<WorkerReply> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      act();
    };
    const onMessage = (reply: WorkerReply): void =>
      settle(() => {
        if (reply.kind === 'refused') reject(new UserError(reply.parts));
        else if (reply.kind === 'failed')
          reject(new InternalError(`a worker failed: ${reply.message}\n${reply.stack ?? ''}`));
        else resolve(reply);
      });
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (code: number): void =>
      settle(() => reject(new InternalError(`a worker stopped with code ${code}`)));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}
