// `limaml refresh`: new events in, a bundle with newer vectors out.
import { CheckFailed, UserError } from '../../errors.js';
import { defineCommand } from '../spec/command.js';
import { bundleFlag } from '../spec/flags.js';
import { shardFlags, shardOf } from '../spec/shard.js';

/** How often a watched folder is looked into. */
const LOOK_MS = 1000;

export const refreshCommand = defineCommand({
  name: 'refresh',
  summary: 'Adapt the meta embeddings of a bundle to new events.',
  description:
    "Reads events as the raw log has them, with the columns, units, label rule and filters of its descriptor; or as CSV with the columns entity, item, timestamp_ms, label (1 or 0) and the event features that support.parquet has. Adds them to the stored support and runs adapt.onnx for their entities only. The newer bundle appears whole or not at all; an event that is stored already changes nothing. --vectors takes in vectors that were computed elsewhere with the bundle's adapt.onnx, once every row is checked.",
  arguments: {},
  flags: {
    bundle: { ...bundleFlag, required: true },
    events: {
      kind: 'text',
      value: 'file',
      summary: 'file of new events (CSV, or in the format of the log); - is standard input',
    },
    watch: {
      kind: 'text',
      value: 'dir',
      summary: 'take in every file that appears in this folder, then move it to done/ or failed/',
    },
    vectors: {
      kind: 'text',
      value: 'dir',
      summary: 'take in vectors that another engine computed: Parquet files of member, vector, model',
    },
    changedAbove: {
      kind: 'text',
      value: 'number',
      summary:
        'with --vectors: a vector has changed where a number is off what is stored by more, of numbers beyond 1 by more than that share (default: 1e-6)',
    },
    ...shardFlags,
    once: { kind: 'switch', summary: 'with --watch: end when no file is left' },
    out: { kind: 'text', value: 'dir', summary: 'folder of the newer bundle (default: replace --bundle)' },
    changed: {
      kind: 'text',
      value: 'file',
      summary: 'write the vectors that changed to this file too, as Parquet',
    },
    to: {
      kind: 'text',
      value: 'store',
      summary: 'publish the newer bundle to this store, only what changed where it keeps the older one',
    },
  },
  examples: [
    'refresh --bundle bundle --events new.csv',
    'refresh --bundle bundle --events - --out newer --json < new.csv',
    'refresh --bundle bundle --watch incoming --once',
  ],
  action: async (values, io) => {
    const { bundle, events, watch, vectors, once, out, changed, to } = values;
    const whole = { '--watch': watch, '--vectors': vectors, '--changed': changed, '--to': to };
    const shard = shardOf(
      'refresh',
      values,
      out === undefined ? { ...whole, 'Replacing the bundle (no --out)': true } : whole,
    );
    const given = [events, watch, vectors].filter((one) => one !== undefined);
    if (given.length !== 1 || (once && watch === undefined))
      throw wrongUse(
        'It takes --events with a file, --watch with a folder (and --once), or --vectors with a folder.',
      );
    const [
      { alsoPublished },
      { refreshBundle },
      { importVectors },
      { renderImported, renderRefresh },
      { resolve },
      { open },
    ] = await Promise.all([
      import('../../serving/refresh-and-publish.js'),
      import('../../serving/refresh-bundle.js'),
      import('../../serving/import-vectors.js'),
      import('../render/refresh.js'),
      import('node:path'),
      import('node:fs/promises'),
    ]);
    const { cwd, progress } = io;
    const above = changedAboveOf(values.changedAbove, vectors);
    const publishing = {
      to,
      cwd,
      changed: changed === undefined ? undefined : resolve(cwd, changed),
      progress,
    };
    const outDirectory = resolve(cwd, out ?? bundle);
    const refresh = (input: NodeJS.ReadableStream, eventsName: string, from: string) =>
      alsoPublished(publishing, (file, whenMade) =>
        refreshBundle({
          folder: resolve(cwd, from),
          outDirectory,
          events: input,
          eventsName,
          changed: file,
          whenMade,
          shard,
          progress,
        }),
      );
    const refreshFile = async (path: string, name: string, from: string): Promise<void> => {
      // Opened here, so that a file that is not there is told as every other.
      const file = await open(path);
      const result = await refresh(file.createReadStream({ autoClose: false }), name, from).finally(() =>
        file.close(),
      );
      io.show(result, renderRefresh);
    };
    if (vectors !== undefined) {
      const places = { folder: resolve(cwd, bundle), outDirectory, vectors: resolve(cwd, vectors), progress };
      const imported = await alsoPublished(publishing, (file, whenMade) =>
        importVectors({ ...places, changed: file, changedAbove: above, whenMade }),
      );
      io.show(imported, renderImported);
    } else if (events === '-') io.show(await refresh(io.stdin, 'standard input', bundle), renderRefresh);
    else if (events !== undefined) await refreshFile(resolve(cwd, events), events, bundle);
    else {
      const [{ watchEvents }, { onLeaving }] = await Promise.all([
        import('../../serving/watch-events.js'),
        import('../../interruption.js'),
      ]);
      const stop = new AbortController();
      let from = bundle;
      const watching = watchEvents({
        folder: resolve(cwd, watch!),
        everyMs: LOOK_MS,
        once,
        signal: stop.signal,
        take: async (path, name) => {
          await refreshFile(path, name, from);
          // What comes next is added to what this one made.
          from = out ?? bundle;
        },
        onFault: (name, { message }) =>
          progress({
            kind: 'warning',
            code: 'REFRESH_FILE_FAILED',
            text: `${name} is set aside: ${message}`,
          }),
      });
      const withdraw = onLeaving(async () => {
        stop.abort();
        await watching.catch(() => undefined);
      });
      const { done, failed } = await watching.finally(withdraw);
      if (failed > 0)
        throw new CheckFailed({
          code: 'REFRESH_FILES_FAILED',
          where: watch!,
          what: `${failed} of ${done + failed} files were refused.`,
          next: 'Mend those in failed/ and move them back.',
        });
    }
  },
});

/** Throws UserError USAGE. */
function changedAboveOf(text: string | undefined, vectors: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (vectors === undefined)
    throw wrongUse('--changed-above is for --vectors: what events change is adapted anew.');
  const above = text.trim() === '' ? Number.NaN : Number(text);
  if (above >= 0 && above < 1) return above;
  throw wrongUse(`--changed-above takes a number from 0 to below 1, and "${text}" is none.`);
}

const wrongUse = (what: string): UserError =>
  new UserError({ code: 'USAGE', where: 'limaml refresh', what, next: 'See: limaml refresh --help' });
