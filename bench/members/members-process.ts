// Export or refresh of made-up members, or one row scored beside them, in a process of its own, so that its memory is its own too:
// members-process.js export|refresh|score FOLDER PREPARED.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readManifest } from '../../src/bundle/format/manifest.js';
import { InternalError } from '../../src/errors.js';
import { openPrepared } from '../../src/prepared/open.js';
import { silent } from '../../src/progress.js';
import { refreshBundle } from '../../src/serving/refresh-bundle.js';
import { scoreRows } from '../../src/serving/score-rows.js';
import { exportUntrained } from '../serve/export-untrained.js';

/** Numbers of a vector. */
const DIMENSIONS = 64;

const [job, folder, prepared] = process.argv.slice(2) as ['export' | 'refresh' | 'score', string, string];

async function exported(): Promise<number> {
  const dataset = await openPrepared(prepared);
  const options = {
    embedding: { size: 8 },
    meta: { hidden: [16], size: DIMENSIONS },
    global: { hidden: [16] },
    episodes: { maxSupport: 8 },
  };
  const { data } = await exportUntrained(dataset, options, join(folder, 'bundle'));
  return data.entities;
}

const refreshed = async (): Promise<number> =>
  (
    await refreshBundle({
      folder: join(folder, 'bundle'),
      outDirectory: join(folder, 'newer'),
      events: createReadStream(join(folder, 'new.csv')),
      eventsName: 'new.csv',
      progress: silent,
    })
  ).adapted;

/** One row: what is measured is what the vectors of all members take. */
async function scored(): Promise<number> {
  const bundle = join(folder, 'bundle');
  const { priors } = await scoreRows({
    folder: bundle,
    input: Readable.from(['member,item,device\n1000003,1,d1\n']),
    batchRows: 4096,
    lookup: true,
    format: 'csv',
    write: async () => {},
  });
  if (priors !== 0) throw new InternalError('the member that was scored has no vector');
  return (await readManifest(bundle)).data.entities;
}

const from = performance.now();
const vectors = await { export: exported, refresh: refreshed, score: scored }[job]();
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(
  `${JSON.stringify({
    vectors,
    seconds: (performance.now() - from) / 1000,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMb: maxRSS / 1024,
  })}\n`,
);
