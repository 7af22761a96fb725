// RESULTS.md, its figure and the numbers behind them as JSON, in one folder.
import { basename, dirname, extname, join, resolve } from 'node:path';
import { writeFileAtomic, writeJsonAtomic } from '../../atomic-files.js';
import type { ExperimentResults } from '../../workflows/results/results.js';
import { resultsMarkdown } from '../../workflows/results/results-markdown.js';
import { resultsFigure } from './results-figure.js';

export interface WrittenResults {
  readonly path: string;
  readonly figure: string;
  readonly json: string;
}

/** Writes `out` (Markdown) and, beside it, an SVG and a JSON file of the same name. `command` makes them again. */
export async function writeResults(
  all: readonly ExperimentResults[],
  out: string,
  cwd: string,
  command: string,
): Promise<WrittenResults> {
  const path = resolve(cwd, out);
  const beside = (extension: string): string =>
    join(dirname(path), `${basename(path, extname(path))}.${extension}`);
  const [figure, json] = [beside('svg'), beside('json')];
  await writeJsonAtomic(json, { format: 'limaml-results', version: 1, experiments: all });
  await writeFileAtomic(figure, `${resultsFigure(all)}\n`);
  await writeFileAtomic(path, resultsMarkdown(all, command, basename(figure)));
  return { path, figure, json };
}
