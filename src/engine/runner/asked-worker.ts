// A worker thread that is asked and answers, in the order of asking.
import { Worker } from 'node:worker_threads';
import { InternalError, UserError } from '../../errors.js';
import type { NumberedReply, WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.js';

export interface AskedWorker {
  /** Waits until it can be asked. Rejects with the UserError that it met, or with InternalError. */
  readonly ready: Promise<WorkerReply>;
  /** What it answers. Several may be asked before the first answer. Rejects like `ready`, also when the worker is gone. */
  ask(request: WorkerRequest): Promise<WorkerReply>;
  /** Another has said that all of them took the step that was the so manieth thing asked for: this one does not say so itself. */
  stepped(number: number): void;
  /** Waits until nothing that was asked is without an answer. */
  settled(): Promise<void>;
  terminate(): Promise<unknown>;
}

interface Waiting {
  /** 0 of being ready, then counted by what was asked for. */
  readonly number: number;
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: Error) => void;
}

/** The compiled worker script, also when this module itself runs from TypeScript sources (in tests). */
function workerScript(): URL {
  const here = new URL('./tile-worker.js', import.meta.url);
  return import.meta.url.endsWith('.ts') ? new URL(here.href.replace('/src/', '/dist/src/')) : here;
}

/** Starts one. `onEnd` is called when it is gone, before anybody learns of it. */
export function askedWorker(start: WorkerStart, onEnd: () => void): AskedWorker {
  const worker = new Worker(workerScript(), { workerData: start });
  const waiting: Waiting[] = [];
  let fault: Error | undefined;
  let last: Promise<unknown> | undefined;
  const end = (error: Error): void => {
    fault ??= error;
    onEnd();
    for (const { reject } of waiting.splice(0)) reject(fault);
  };
  let number = 0;
  /** That steps before were taken may not have arrived yet from the one who says it. */
  const before = (limit: number): void => {
    while (waiting.length > 0 && waiting[0]!.number < limit) settle(waiting.shift()!, { kind: 'stepped' });
  };
  worker.on('message', (reply: NumberedReply) => {
    before(reply.number);
    // Of a step that another has said was taken this one may say that it was told to stop just then.
    if (waiting[0]?.number === reply.number) settle(waiting.shift()!, reply.reply);
  });
  worker.on('error', end);
  worker.on('exit', (code) => end(new InternalError(`a worker stopped with code ${code}`)));
  const answer = (): Promise<WorkerReply> => {
    const reply = new Promise<WorkerReply>((resolve, reject) => {
      if (fault === undefined) waiting.push({ number: number++, resolve, reject });
      else reject(fault);
    });
    last = reply.catch(() => undefined);
    return reply;
  };
  return {
    ready: answer(),
    ask(request) {
      worker.postMessage(request);
      return answer();
    },
    stepped: (which) => before(which + 1),
    async settled() {
      await last;
    },
    terminate: () => worker.terminate(),
  };
}

function settle({ resolve, reject }: Waiting, reply: WorkerReply): void {
  if (reply.kind === 'refused') reject(new UserError(reply.parts));
  else if (reply.kind === 'failed')
    reject(new InternalError(`a worker failed: ${reply.message}\n${reply.stack ?? ''}`));
  else resolve(reply);
}
