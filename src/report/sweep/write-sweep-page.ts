// The page of a sweep, beside its leaderboard.
import { join } from 'node:path';
import { writeFileAtomic } from '../../atomic-files.js';
import type { Leaderboard } from '../../workflows/sweep/leaderboard.js';
import { sweepPage } from './sweep-page.js';

/** Path of the written file. */
export async function writeSweepPage(board: Leaderboard): Promise<string> {
  const path = join(board.path, 'sweep.html');
  await writeFileAtomic(path, sweepPage(board));
  return path;
}
