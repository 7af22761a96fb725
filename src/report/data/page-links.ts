// Which other pages there are beside the one that is written: of its experiment, of runs, of sweeps, of results.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { ReportData } from './report-data.js';

export interface PageLinks {
  /** Page of the experiment; null where there is none, or where this is it. */
  readonly experiment: string | null;
  /** Pages of runs by id. */
  readonly runs: ReadonlyMap<string, string>;
  readonly sweeps: readonly { readonly name: string; readonly href: string }[];
  /** What `limaml results` wrote into the working directory. */
  readonly results: string | null;
}

export const NO_LINKS: PageLinks = { experiment: null, runs: new Map(), sweeps: [], results: null };

/** Addresses relative to the page at `path`, of pages that are there now. */
export function pageLinks({ runs, shown }: ReportData, path: string, cwd: string): PageLinks {
  const to = (file: string): string | null => (existsSync(file) && file !== path ? hrefTo(path, file) : null);
  const runsFolder = dirname(shown.path);
  const sweeps = join(dirname(runsFolder), 'sweeps');
  return {
    experiment: to(join(runsFolder, 'report.html')),
    runs: new Map(
      runs.flatMap((run) => {
        const href = to(join(run.path, 'report.html'));
        return href === null ? [] : [[run.id, href] as const];
      }),
    ),
    sweeps: (existsSync(sweeps) ? readdirSync(sweeps).sort() : []).flatMap((name) => {
      const href = to(join(sweeps, name, 'sweep.html'));
      return href === null ? [] : [{ name, href }];
    }),
    results: to(join(cwd, 'RESULTS.md')),
  };
}

/** The address of a file on a page: relative, so that a folder may be moved whole. */
export function hrefTo(page: string, file: string): string {
  return relative(dirname(page), file).split(sep).map(encodeURIComponent).join('/');
}
