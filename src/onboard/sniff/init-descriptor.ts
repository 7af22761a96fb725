// `limaml init my-log.csv`: a first descriptor and recipe from a look at rows of all of the log.
import { access, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { InternalError, UserError } from '../../errors.js';
import { type DatasetDescriptor, descriptorSchema } from '../../prep/descriptor/descriptor.js';
import { schemaLine } from '../../schema-line.js';
import { type ColumnFacts, columnFacts } from './column-facts.js';
import type { SniffedRole } from './column-words.js';
import { descriptorText } from './descriptor-text.js';
import { type GuessedFeature, guessFeatures } from './guess-features.js';
import { type GuessedRoles, guessRoles } from './guess-roles.js';
import { readSample, type SampledTable } from './read-sample.js';
import { writeRecipe } from './recipe-text.js';
import { requireEncoding } from './unknown-encoding.js';

interface InitRequest {
  /** The log: CSV, TSV, JSON lines or Parquet, packed or not. Relative to `cwd`. */
  readonly file: string;
  /** Folder of the descriptors, relative to `cwd`. */
  readonly directory: string;
  readonly cwd: string;
  /** Name of the data set; the file's own by default. */
  readonly name?: string;
  /** What the file is encoded in, where it is no UTF-8 and cannot be told. */
  readonly encoding?: string;
}

interface InitGuess {
  /** `format`, `delimiter`, `header`, `encoding`, `entity`, `item`, `timestamp`, `label`, or `feature <name>`. */
  readonly what: string;
  /** null: nothing fits, a TODO in the file. */
  readonly value: string | null;
  readonly confidence: 'sure' | 'likely' | 'guess';
  readonly reason: string;
}

export interface InitResult {
  /** The descriptor written. */
  readonly path: string;
  /** As it stands in the file; without `columns` while one of them is not settled. */
  readonly descriptor: DatasetDescriptor;
  /** Roles that a person must settle before prep runs. */
  readonly unsettled: readonly SniffedRole[];
  readonly guesses: readonly InitGuess[];
  /** The recipe beside it; one that was there is left as it is. */
  readonly recipe: { readonly path: string; readonly written: boolean };
  /** How commands name the data set, and the experiment. */
  readonly names: { readonly dataset: string; readonly experiment: string };
}

/**
 * Writes `<directory>/<name>.yaml`, and `experiments/<name>/experiment.yaml` where there is none. Throws `UserError` for a log that is
 * missing, empty or no table, and DATASET_EXISTS rather than overwrite a descriptor.
 */
export async function initDescriptor(request: InitRequest): Promise<InitResult> {
  const { cwd } = request;
  const file = resolve(cwd, request.file);
  const name = request.name ?? datasetName(file);
  requireName(name);
  const path = resolve(cwd, request.directory, `${name}.yaml`);
  await refuseOverwrite(path);
  const sample = await readSample(
    file,
    request.encoding === undefined ? undefined : requireEncoding(request.encoding),
  );
  const columns = sample.names.map((_, index) =>
    columnFacts(
      sample.names,
      index,
      sample.rows,
      sample.times.get(index),
      sample.source.format !== undefined,
    ),
  );
  const found = guessRoles(columns);
  const features = guessFeatures(columns, found);
  const { table, roles } =
    sample.source.columns === undefined ? { table: sample, roles: found } : namedByRole(sample, found);
  const text = descriptorText({
    name,
    file: basename(file),
    directory: shownFolder(dirname(file), cwd),
    table,
    roles,
    features,
    repeats: hasRepeats(table.rows),
  });
  const tree = parse(text) as Record<string, unknown>;
  const unsettled = Object.keys(roles.todos) as SniffedRole[];
  const { columns: _unsettled, ...rest } = tree;
  const checked = descriptorSchema.safeParse(unsettled.length > 0 ? rest : tree);
  if (!checked.success)
    throw new InternalError(`the sniffed descriptor is not valid: ${checked.error.message}`);
  await mkdir(dirname(path), { recursive: true });
  // wx: a file that appeared meanwhile is not overwritten either.
  await writeFile(path, `${schemaLine('descriptor', path, cwd)}\n${text}`, { flag: 'wx' });
  const dataset = resolve(cwd, 'datasets', `${name}.yaml`) === path ? name : shownFolder(path, cwd);
  const recipe = await writeRecipe(cwd, name, dataset);
  return {
    path,
    descriptor: checked.data,
    unsettled,
    guesses: [
      ...table.reasons.map((guess) => ({ confidence: 'sure' as const, ...guess })),
      ...guessed(roles, features),
    ],
    recipe,
    names: { dataset, experiment: name },
  };
}

function guessed(roles: GuessedRoles, features: readonly GuessedFeature[]): readonly InitGuess[] {
  return [
    ...roles.guesses.map(({ what, column, confidence, reason }) => ({
      what,
      value: column,
      confidence,
      reason,
    })),
    ...features.map(({ name, column, side, kind, leftOut, remark }) => ({
      what: `feature ${name}`,
      value: leftOut === undefined ? `${side} ${kind}` : null,
      confidence: 'guess' as const,
      reason:
        leftOut === undefined
          ? `from column "${column}"${remark === undefined ? '' : `; ${remark}`}`
          : `left out: "${column}" ${leftOut}`,
    })),
  ];
}

/** Whether whole rows repeat: events that differ in any column may be two. */
function hasRepeats(rows: readonly (readonly string[])[]): boolean {
  return new Set(rows.map((row) => JSON.stringify(row))).size < rows.length;
}

/** Without a header, the columns that have a role are called by it. */
function namedByRole(
  table: SampledTable,
  roles: GuessedRoles,
): { readonly table: SampledTable; readonly roles: GuessedRoles } {
  const names = [...table.names];
  const named = <T extends ColumnFacts>(column: T | undefined, name: string): T | undefined => {
    if (column === undefined) return undefined;
    names[column.index] = name;
    return { ...column, name };
  };
  const renamed = {
    ...roles,
    entity: named(roles.entity, 'entity'),
    item: named(roles.item, 'item'),
    timestamp: named(roles.timestamp, 'timestamp'),
    label: named(roles.label, 'label'),
  };
  const columns = table.source.columns?.map((listed, index) => names[index] || listed) as [
    string,
    ...string[],
  ];
  return { table: { ...table, names, source: { ...table.source, columns } }, roles: renamed };
}

/** Throws `UserError` DATASET_NAME for what no descriptor may be called. */
function requireName(name: string): void {
  const checked = descriptorSchema.shape.name.safeParse(name);
  if (checked.success) return;
  throw new UserError({
    code: 'DATASET_NAME',
    where: `--name ${name}`,
    what: checked.error.issues[0]?.message ?? 'This is no name.',
    next: 'Choose another name.',
  });
}

async function refuseOverwrite(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  throw new UserError({
    code: 'DATASET_EXISTS',
    where: path,
    what: 'There is a descriptor of this name already.',
    next: 'Choose another name with --name, or remove the file.',
  });
}

/** `My Log (2).csv.gz` → `my-log-2`. */
function datasetName(file: string): string {
  const bare = basename(file)
    .replace(/\.(gz|zst)$/i, '')
    .replace(/\.[a-z]+$/i, '');
  const name = bare
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return name === '' ? 'my-log' : name;
}

/** Relative to the working directory when it lies inside, so that the descriptor can move with the project. */
function shownFolder(folder: string, cwd: string): string {
  const inside = relative(cwd, folder);
  if (inside === '') return '.';
  return inside.startsWith('..') || isAbsolute(inside) ? folder : join(inside).replaceAll('\\', '/');
}
