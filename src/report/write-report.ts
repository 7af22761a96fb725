// `limaml report`: reads run folders, writes one HTML file.
import { resolve } from 'node:path';
import { writeFileAtomic } from '../atomic-files.js';
import { type Progress, silent } from '../progress.js';
import type { RunPlace } from '../runs/places.js';
import { pageLinks } from './data/page-links.js';
import { gatherReport, type ReportData } from './data/report-data.js';
import { renderReport } from './page/render-report.js';
import { baselineVerdicts, headline } from './text/verdict.js';

export interface WrittenReport {
  readonly path: string;
  readonly bytes: number;
  readonly kind: 'run' | 'experiment';
  readonly experiment: string;
  /** The run shown in full. */
  readonly run: string;
  /** Finished runs it was written from. */
  readonly runs: number;
  /** Ids of those that were left out because they are of other data. */
  readonly otherData: readonly string[];
  /** Runs that were left out because they cannot be read. */
  readonly unread: ReportData['unread'];
  /** The verdict in a line, and a sentence for each baseline; null where the run has not been evaluated. */
  readonly headline: string | null;
  readonly verdicts: readonly string[];
}

/** Throws what `gatherReport` throws. `prepare` may write into the folder of the run that is shown, before it is read. */
export async function writeReport(
  reference: string,
  {
    out,
    cwd,
    progress,
    prepare,
  }: {
    readonly out: string | undefined;
    readonly cwd: string;
    readonly progress: Progress;
    readonly prepare?: (shown: RunPlace) => Promise<unknown>;
  },
): Promise<WrittenReport> {
  if (prepare !== undefined) await prepare(gatherReport(reference, cwd, silent, false).shown);
  const data = gatherReport(reference, cwd, progress);
  const path = out === undefined ? data.path : resolve(cwd, out);
  const text = renderReport(data, pageLinks(data, path, cwd));
  await writeFileAtomic(path, text);
  const { evaluation, id, model } = data.shown;
  const verdicts = evaluation === null ? [] : baselineVerdicts(evaluation);
  return {
    path,
    bytes: Buffer.byteLength(text),
    kind: data.kind,
    experiment: data.experiment,
    run: id,
    runs: data.runs.length,
    otherData: data.otherData.map(({ id }) => id),
    unread: data.unread,
    headline: evaluation === null ? null : headline(model, verdicts),
    verdicts: verdicts.map(({ sentence }) => sentence),
  };
}
