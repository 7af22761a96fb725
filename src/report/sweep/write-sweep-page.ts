// The page of a sweep, beside its leaderboard.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../../atomic-files.js';
import type { Leaderboard } from '../../workflows/sweep/leaderboard.js';
import { hrefTo } from '../data/page-links.js';
import { sweepPage } from './sweep-page.js';

/** Path of the written file. Pages that are there are linked: that of the experiment, and those of trials. */
export async function writeSweepPage(board: Leaderboard): Promise<string> {
  const path = join(board.path, 'sweep.html');
  const to = (file: string): string | null => (existsSync(file) ? hrefTo(path, file) : null);
  const ids = board.models.flatMap(({ trials }) => trials.flatMap(({ run }) => (run === null ? [] : [run])));
  const links = {
    experiment: to(join(dirname(dirname(board.path)), 'runs', 'report.html')),
    runs: new Map(
      ids.flatMap((id) => {
        const href = to(join(board.path, 'runs', id, 'report.html'));
        return href === null ? [] : [[id, href] as const];
      }),
    ),
  };
  await writeFileAtomic(path, sweepPage(board, links));
  return path;
}
