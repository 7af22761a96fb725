// `limaml score`: CSV rows in, the same rows with their probabilities out.
import { UserError } from '../../errors.js';
import { defineCommand } from '../spec/command.js';
import { bundleFlag } from '../spec/flags.js';

/** Rows that are scored at once unless --batch says otherwise. */
const BATCH_ROWS = 4096;

export const scoreCommand = defineCommand({
  name: 'score',
  summary: 'Score rows from standard input with a serving bundle.',
  description:
    'Reads CSV with a header: the columns that manifest.json names under inputs.score, "entity" for the meta embedding, and any of your own. Writes the same rows with a column "probability" on standard output, in their order, a batch at a time; under --json one JSON object a row. An entity without a stored embedding is scored with the prior, and such rows are counted.',
  arguments: {},
  flags: {
    bundle: bundleFlag,
    from: {
      kind: 'text',
      value: 'store',
      summary: 'take vectors and tables from this store: of --bundle, else of the bundle that serves there',
    },
    lookup: {
      kind: 'switch',
      summary: 'take features that the rows lack from the bundle: of entities and items, and history',
    },
    batch: {
      kind: 'integer',
      value: 'rows',
      minimum: 1,
      summary: `rows scored and written at once (default: ${BATCH_ROWS})`,
    },
  },
  examples: [
    'score --bundle bundle < rows.csv > scored.csv',
    'score --bundle bundle --lookup --json < rows.csv',
  ],
  action: async ({ bundle, from, lookup, batch }, io) => {
    if ((io.stdin as Partial<NodeJS.ReadStream>).isTTY === true)
      throw new UserError({
        code: 'SCORE_NO_INPUT',
        where: 'standard input',
        what: 'Nothing is piped in: standard input is a terminal.',
        next: 'Pass rows, as in: limaml score --bundle bundle < rows.csv',
      });
    if (bundle === undefined && from === undefined)
      throw new UserError({
        code: 'USAGE_MISSING_FLAG',
        where: 'limaml score',
        what: 'A bundle is missing: --bundle with its folder, or --from with a store.',
        next: 'See: limaml score --help',
      });
    const [{ scoreRows }, { scoredNotes }, { resolve }] = await Promise.all([
      import('../../serving/score-rows.js'),
      import('../render/score.js'),
      import('node:path'),
    ]);
    io.progress({ kind: 'stage', name: 'score', detail: bundle ?? from ?? '' });
    const counted = await scoreRows({
      folder: bundle === undefined ? undefined : resolve(io.cwd, bundle),
      from,
      cwd: io.cwd,
      input: io.stdin,
      batchRows: batch ?? BATCH_ROWS,
      lookup,
      format: io.json ? 'json-lines' : 'csv',
      write: io.stream,
    });
    for (const text of scoredNotes(counted)) io.progress({ kind: 'note', text });
  },
});
