// `limaml store`: bundles published to a database: pushed, listed, rolled back, pruned.
import { defineCommand } from '../spec/command.js';
import { bundleFlag } from '../spec/flags.js';

const ADDRESS = { store: { summary: 'redis://…, postgres://…, sqlite:FILE or lmdb:DIR' } };

const pushCommand = defineCommand({
  name: 'push',
  summary: 'Publish a bundle; readers see it whole or not at all.',
  arguments: ADDRESS,
  flags: {
    bundle: { ...bundleFlag, required: true },
  },
  examples: ['store push lmdb:vectors --bundle bundle', 'store push lmdb:vectors --bundle bundle --json'],
  action: async ({ store, bundle }, io) => {
    const [{ pushBundle }, { renderPushed }, { resolve }] = await Promise.all([
      import('../../bundle/published/push.js'),
      import('../render/store.js'),
      import('node:path'),
    ]);
    const { cwd, progress } = io;
    io.show(await pushBundle({ folder: resolve(cwd, bundle), to: store, cwd, progress }), renderPushed);
  },
});

const showCommand = defineCommand({
  name: 'show',
  summary: 'List the bundles that a store keeps, and which one serves.',
  arguments: ADDRESS,
  flags: {},
  examples: ['store show lmdb:vectors'],
  action: async ({ store }, io) => {
    const [{ storeContent }, { renderStore }] = await Promise.all([
      import('../../bundle/published/manage.js'),
      import('../render/store.js'),
    ]);
    io.show(await storeContent({ at: store, cwd: io.cwd }), renderStore);
  },
});

const rollbackCommand = defineCommand({
  name: 'rollback',
  summary: 'Let the bundle that served before serve again.',
  arguments: ADDRESS,
  flags: {},
  examples: ['store rollback lmdb:vectors'],
  action: async ({ store }, io) => {
    const [{ rollBack }, { renderStore }] = await Promise.all([
      import('../../bundle/published/manage.js'),
      import('../render/store.js'),
    ]);
    io.show(await rollBack({ at: store, cwd: io.cwd }), renderStore);
  },
});

const pruneCommand = defineCommand({
  name: 'prune',
  summary: 'Forget bundles but the one that serves, and rows that nothing needs.',
  arguments: ADDRESS,
  flags: {
    keep: {
      kind: 'integer',
      value: 'n',
      minimum: 0,
      summary: 'bundles from before to keep for rolling back (default: 0)',
    },
  },
  examples: ['store prune lmdb:vectors --keep 1'],
  action: async ({ store, keep }, io) => {
    const [{ pruneStore }, { renderStore }] = await Promise.all([
      import('../../bundle/published/manage.js'),
      import('../render/store.js'),
    ]);
    io.show(await pruneStore({ at: store, cwd: io.cwd, keep: keep ?? 0 }), renderStore);
  },
});

export const storeCommand = defineCommand({
  name: 'store',
  summary: 'Publish bundles to a database, list them, roll back.',
  description:
    'Vectors, support rows, features and graphs of a bundle in Redis, PostgreSQL, SQLite or LMDB, for many readers. Every bundle is a version of its own: readers see one of them as a whole, the one before is kept until prune.',
  arguments: {},
  flags: {},
  examples: ['store push lmdb:vectors --bundle bundle'],
  commands: [pushCommand, showCommand, rollbackCommand, pruneCommand],
  action: async () => {
    const { UserError } = await import('../../errors.js');
    throw new UserError({
      code: 'USAGE_MISSING_ARGUMENT',
      where: 'limaml store',
      what: 'It takes one of push, show, rollback and prune.',
      next: 'See: limaml store --help',
    });
  },
});
