// `limaml prep seal`: what another program prepared is checked and sealed.
import { defineCommand } from '../spec/command.js';

export const prepSealCommand = defineCommand({
  name: 'seal',
  summary: 'Check and seal a prepared folder that another program wrote.',
  description:
    'Reads draft.json, events, entities, items and vocabularies as docs/prepared-format.md ("Sealing") says: any integer types, any names and number of Parquet files, any order of rows. Every row is checked; a new folder is written with types, order, counts, hashes and manifest, which limaml train takes. The folder itself is not changed.',
  arguments: { folder: { summary: 'what the other program wrote', completes: 'file' } },
  flags: {
    out: {
      kind: 'text',
      value: 'dir',
      summary: 'folder in which the sealed one is made (default: prepared)',
    },
    memory: { kind: 'integer', value: 'MB', minimum: 64, summary: 'memory limit of the database' },
  },
  examples: ['prep seal prepared/mine-0123abcd --out sealed'],
  action: async ({ folder, out, memory }, { cwd, progress, show }) => {
    const [{ sealFolder }, { renderPrep }] = await Promise.all([
      import('../../workflows/seal-folder.js'),
      import('../render/prep.js'),
    ]);
    show(await sealFolder({ folder, out, memoryLimitMb: memory, cwd, progress }), renderPrep);
  },
});
