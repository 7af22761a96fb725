// `limaml score`: CSV rows in, the same rows with their probabilities out.
import { UserError } from '../../errors.js';
import { defineCommand } from '../spec/command.js';

/** Rows that are scored at once unless --batch says otherwise. */
const BATCH_ROWS = 4096;

export const scoreCommand = defineCommand({
  name: 'score',
  summary: 'Score rows from standard input with a serving bundle.',
  description:
    'Reads CSV with a header: the columns that manifest.json names under inputs.score, "entity" for the meta embedding, and any of your own. Writes the same rows with a column "probability" on standard output, in their order, a batch at a time; under --json one JSON object a row. An entity without a stored embedding is scored with the prior, and such rows are counted.',
  arguments: {},
  flags: {
    bundle: { kind: 'text', value: 'dir', summary: 'folder that limaml export wrote', required: true },
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
  action: async ({ bundle, lookup, batch }, io) => {
    if ((io.stdin as Partial<NodeJS.ReadStream>).isTTY === true)
      throw new UserError({
        code: 'SCORE_NO_INPUT',
        where: 'standard input',
        what: 'Nothing is piped in: standard input is a terminal.',
        next: 'Pass rows, as in: limaml score --bundle bundle < rows.csv',
      });
    const [{ scoreRows }, { scoredNotes }, { resolve }] = await Promise.all([
      import('../../serving/score-rows.js'),
      import('../render/score.js'),
      import('node:path'),
    ]);
    io.progress({ kind: 'stage', name: 'score', detail: bundle });
    const counted = await scoreRows({
      folder: resolve(io.cwd, bundle),
      input: io.stdin,
      batchRows: batch ?? BATCH_ROWS,
      lookup,
      format: io.json ? 'json-lines' : 'csv',
      write: io.stream,
    });
    for (const text of scoredNotes(counted)) io.progress({ kind: 'note', text });
  },
});
