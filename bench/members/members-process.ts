// Export or refresh of made-up members in a process of its own, so that its memory is its own too: members-process.js export|refresh FOLDER PREPARED.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { openPrepared } from '../../src/prepared/open.js';
import { silent } from '../../src/progress.js';
import { refreshBundle } from '../../src/serving/refresh-bundle.js';
import { exportUntrained } from '../serve/export-untrained.js';

/** Numbers of a vector. */
const DIMENSIONS = 64;

const [job, folder, prepared] = process.argv.slice(2) as [string, string, string];

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

const from = performance.now();
const vectors = await (job === 'export' ? exported() : refreshed());
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(
  `${JSON.stringify({
    vectors,
    seconds: (performance.now() - from) / 1000,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMb: maxRSS / 1024,
  })}\n`,
);
