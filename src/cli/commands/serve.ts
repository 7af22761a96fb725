// `limaml serve`: a bundle behind HTTP.
import { UserError } from '../../errors.js';
import { defineCommand } from '../spec/command.js';
import { bundleFlag } from '../spec/flags.js';

const DEFAULTS = { port: 8600, rows: 1000, pending: 64, members: 100_000, body: 1 << 20, timeoutMs: 10_000 };

export const serveCommand = defineCommand({
  name: 'serve',
  summary: 'Serve a bundle over HTTP: score rows, adapt members to events at once.',
  description:
    'POST /score, POST /events, GET /healthz, /metrics (Prometheus), /openapi.json, and a page at / to try it. Listens on this machine only unless --host says otherwise; it knows no passwords. A newer bundle at the same place is taken up without a dropped request, events that came in since included. SIGTERM answers what is under way, then ends.',
  arguments: {},
  flags: {
    bundle: bundleFlag,
    from: {
      kind: 'text',
      value: 'store',
      summary: 'serve what this store serves (or --bundle as it is kept there)',
    },
    host: { kind: 'text', value: 'name', summary: 'address to listen on (default: 127.0.0.1)' },
    port: {
      kind: 'integer',
      value: 'n',
      minimum: 0,
      summary: `port (default: ${DEFAULTS.port}; 0: any that is free)`,
    },
    journal: {
      kind: 'text',
      value: 'file',
      summary: 'append events to this file, for refresh; without it they are lost at the end',
    },
    maxRows: {
      kind: 'integer',
      value: 'n',
      minimum: 1,
      summary: `rows of one request (default: ${DEFAULTS.rows})`,
    },
    maxPending: {
      kind: 'integer',
      value: 'n',
      minimum: 1,
      summary: `requests that may wait; more are answered 503 (default: ${DEFAULTS.pending})`,
    },
    maxMembers: {
      kind: 'integer',
      value: 'n',
      minimum: 1,
      summary: `members whose vectors may be newer than the bundle's (default: ${DEFAULTS.members})`,
    },
    threads: {
      kind: 'integer',
      value: 'n',
      minimum: 1,
      summary: 'threads within one run of a graph (default: 1)',
    },
    reload: {
      kind: 'integer',
      value: 'seconds',
      minimum: 1,
      summary: 'how often a newer bundle is looked for (default: 2)',
    },
  },
  examples: ['serve --bundle bundle --journal events.csv', 'serve --from lmdb:vectors --port 9000 --json'],
  action: async (values, io) => {
    const { bundle, from, host, port, journal, maxRows, maxPending, maxMembers, threads, reload } = values;
    if (bundle === undefined && from === undefined)
      throw new UserError({
        code: 'USAGE_MISSING_FLAG',
        where: 'limaml serve',
        what: 'A bundle is missing: --bundle with its folder, or --from with a store.',
        next: 'See: limaml serve --help',
      });
    const [{ serveBundle }, { resolve }] = await Promise.all([
      import('../../serving/live/serve-bundle.js'),
      import('node:path'),
    ]);
    const { cwd, progress } = io;
    await serveBundle({
      folder: bundle === undefined ? undefined : resolve(cwd, bundle),
      from,
      cwd,
      host: host ?? '127.0.0.1',
      port: port ?? DEFAULTS.port,
      journal: journal === undefined ? undefined : resolve(cwd, journal),
      mostMembers: maxMembers ?? DEFAULTS.members,
      threads: threads ?? 1,
      limits: {
        rows: maxRows ?? DEFAULTS.rows,
        pending: maxPending ?? DEFAULTS.pending,
        bodyBytes: DEFAULTS.body,
        timeoutMs: DEFAULTS.timeoutMs,
      },
      reloadMs: 1000 * (reload ?? 2),
      progress,
      onListening: (served) =>
        io.show(served, ({ address, bundle: hash }) => `serves bundle ${hash.slice(0, 12)} at ${address}`),
    });
  },
});
