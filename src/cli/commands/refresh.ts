// `limaml refresh`: new events in, a bundle with newer vectors out.
import { defineCommand } from '../spec/command.js';

export const refreshCommand = defineCommand({
  name: 'refresh',
  summary: 'Adapt the meta embeddings of a bundle to new events.',
  description:
    'Reads events as the raw log has them, with the columns, units, label rule and filters of its descriptor; or as CSV with the columns entity, item, timestamp_ms, label (1 or 0) and the event features that support.parquet has. Adds them to the stored support and runs adapt.onnx for their entities only. The newer bundle appears whole or not at all; an event that is stored already changes nothing.',
  arguments: {},
  flags: {
    bundle: { kind: 'text', value: 'dir', summary: 'folder that limaml export wrote', required: true },
    events: {
      kind: 'text',
      value: 'file',
      summary: 'file of new events (CSV, or in the format of the log); - is standard input',
      required: true,
    },
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
  ],
  action: async ({ bundle, events, out, changed, to }, io) => {
    const [{ refreshAndPublish }, { renderRefresh }, { resolve }, { open }] = await Promise.all([
      import('../../serving/refresh-and-publish.js'),
      import('../render/refresh.js'),
      import('node:path'),
      import('node:fs/promises'),
    ]);
    // Opened here, so that a file that is not there is told as every other.
    const file = events === '-' ? undefined : await open(resolve(io.cwd, events));
    const result = await refreshAndPublish({
      folder: resolve(io.cwd, bundle),
      outDirectory: resolve(io.cwd, out ?? bundle),
      events: file?.createReadStream({ autoClose: false }) ?? io.stdin,
      eventsName: events === '-' ? 'standard input' : events,
      changed: changed === undefined ? undefined : resolve(io.cwd, changed),
      to,
      cwd: io.cwd,
      progress: io.progress,
    }).finally(() => file?.close());
    io.show(result, renderRefresh);
  },
});
