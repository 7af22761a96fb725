// What a command left behind, as text that is equal where the results are: no clock, no id, no place.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files below `folder`, relative, sorted. */
export function filesUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Hashes of the files below `folder` whose names fit. */
export function hashes(folder: string, names: RegExp = /./): string {
  return filesUnder(folder)
    .filter((file) => names.test(file))
    .map(
      (file) =>
        `${file} ${createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex')}`,
    )
    .join('\n');
}

/** The parts of a bundle that are served; its manifest and README hold ids and times. */
export const bundleAnswer = (folder: string): string => hashes(folder, /\.(parquet|onnx)$|prior\.json$/);

const runsFolder = (project: string): string => join(project, 'experiments', 'tiny', 'runs');

/** Finished runs that are no baseline, oldest first. */
export function finishedRuns(project: string): readonly string[] {
  const folder = runsFolder(project);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((id) => !id.startsWith('.') && existsSync(join(folder, id, 'DONE')))
    .sort()
    .map((id) => join(folder, id))
    .filter((path) => readFileSync(join(path, 'config.json'), 'utf8').includes('"baselineOf": null'));
}

/** Of the newest finished run: what it learned. */
export function trainedAnswer(project: string): string {
  const path = finishedRuns(project).at(-1);
  return path === undefined ? 'no finished run' : hashes(path, /model\.safetensors$|metrics\.jsonl$/);
}

/** Of the newest finished run: what was measured. */
export function evaluatedAnswer(project: string): string {
  const path = finishedRuns(project).at(-1);
  if (path === undefined || !existsSync(join(path, 'eval.json'))) return 'not evaluated';
  return `${numbersOf(readFileSync(join(path, 'eval.json'), 'utf8'))}\n${hashes(path, /scores\.parquet$/)}`;
}

/** JSON without ids, places, times and durations. */
export function numbersOf(text: string): string {
  return JSON.stringify(JSON.parse(text), (key, value: unknown) => {
    if (key === 'seconds' || key === 'ms') return '<duration>';
    // What a file says of itself, ids and places included.
    if (key === 'sha256') return '<checksum>';
    if (typeof value !== 'string') return value;
    if (/[/\\]/.test(value)) return '<place>';
    return withoutIds(value);
  });
}

/** Text without ids of runs and without times. */
export function withoutIds(text: string): string {
  return text
    .replaceAll(/\d{8}-\d{6}-[0-9a-f]{6}(-\d+)?/g, '<run>')
    .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:[\d.]+)?Z?/g, '<time>');
}

/** Files and folders that nothing will ever read again. */
export function leftovers(project: string): readonly string[] {
  return (readdirSync(project, { recursive: true }) as string[]).filter((path) =>
    /\.(tmp|old|work)$|(^|[/\\])\.[^/\\]+$|(^|[/\\])RUNNING$/.test(path),
  );
}
