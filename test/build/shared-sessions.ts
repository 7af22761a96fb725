// One session of ONNX Runtime for all tests of a process that ask for the same graph: to prepare one takes longer than most of them run it.
import { createHash } from 'node:crypto';
import { InferenceSession } from 'onnxruntime-node';

type Options = InferenceSession.SessionOptions;

interface Shared {
  readonly session: Promise<InferenceSession>;
  users: number;
}

/** Sessions that nobody uses are kept up to this number. */
const KEPT = 32;
const DONE = Symbol.for('limaml-sessions-are-shared');

/** `create` with sessions of equal bytes and options shared; each caller's own is released on its own, and runs no more then. */
function sharing(create: (model: Uint8Array, options: Options) => Promise<InferenceSession>) {
  const all = new Map<string, Shared>();
  const sweep = async (): Promise<void> => {
    const unused = [...all].filter(([, { users }]) => users === 0);
    for (const [key, { session }] of unused.slice(0, -KEPT)) {
      all.delete(key);
      await (await session).release();
    }
  };
  return async (model: Uint8Array, options: Options): Promise<InferenceSession> => {
    const key = createHash('sha256').update(JSON.stringify(options)).update('\0').update(model).digest('hex');
    const shared = all.get(key) ?? { session: create(model, options), users: 0 };
    // The one that was asked for last is the last to go.
    all.delete(key);
    all.set(key, shared);
    shared.users += 1;
    const session = await shared.session.catch((error: unknown) => {
      all.delete(key);
      throw error;
    });
    let released = false;
    const whileHeld = (): void => {
      if (released) throw new Error('the session was released');
    };
    return Object.create(session, {
      run: {
        value: async (...given: Parameters<InferenceSession['run']>) => {
          whileHeld();
          return session.run(...given);
        },
      },
      release: {
        value: async () => {
          whileHeld();
          released = true;
          shared.users -= 1;
          await sweep();
        },
      },
    }) as InferenceSession;
  };
}

// This file is run before each test file, and what it changes lasts as long as the process.
const state = globalThis as { [DONE]?: true };
if (state[DONE] === undefined) {
  state[DONE] = true;
  const factory = InferenceSession as unknown as {
    create(model: unknown, options: Options): Promise<InferenceSession>;
  };
  const create = factory.create.bind(factory);
  const shared = sharing(create);
  // A file may be another one the next time.
  factory.create = (model, options) =>
    model instanceof Uint8Array ? shared(model, options) : create(model, options);
}
