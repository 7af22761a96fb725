// The contract's check of serving: the exported files score raw values as the trained model scores prepared rows.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportBundle } from '../../export/export-bundle.js';
import { verifyBundle } from '../../export/verify-bundle.js';
import { silent } from '../../progress.js';
import { SELECT_ROLES } from '../../scoring/learning-rows.js';
import { smallExecution } from '../subject/small-training.js';
import type { Check } from '../subject/subject.js';

export const EXPORT_CHECKS: readonly Check[] = [
  {
    name: 'is exported to files that score as it does, or refused where it reads supports',
    async run({ model, dataset, trained }) {
      const folder = await mkdtemp(join(tmpdir(), 'limaml-bundle-'));
      const common = {
        model,
        state: (await trained()).state,
        dataset,
        roles: SELECT_ROLES,
        execution: smallExecution(),
        progress: silent,
      };
      try {
        const checkpoint = { file: 'none', sha256: '' };
        const run = { id: 'contract', options: {}, configHash: '', checkpoint };
        const outDirectory = join(folder, 'bundle');
        const exported = exportBundle({ ...common, run, through: 'test', outDirectory });
        if (model.reads !== undefined) {
          // Nothing that a bundle holds could stand for the rows that it reads.
          await assert.rejects(exported, { code: 'EXPORT_READS_SUPPORT' });
          return;
        }
        await exported;
        const rows = dataset.manifest.splits.test.rows;
        const verified = await verifyBundle({ ...common, folder: outDirectory, rows, seed: 1 });
        assert.equal(verified.rows, rows, 'test rows scored through the files');
        const entities = model.adapts.length > 0 ? dataset.manifest.entities : 0;
        assert.equal(verified.vectors, entities, 'stored vectors compared');
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  },
];
