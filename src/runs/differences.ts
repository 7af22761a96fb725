// What two runs were made with, side by side, in the order in which a difference explains another: code first, machine last.
import { leafText, valuesOf } from '../config/leaves.js';
import type { Provenance } from './provenance.js';
import type { StoredConfig } from './stored-config.js';

const KINDS = ['recipe', 'code', 'data', 'dependency', 'engine', 'machine'] as const;
type DifferenceKind = (typeof KINDS)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  readonly name: string;
  /** Null where one has none. */
  readonly values: readonly [string | null, string | null];
}

/** What a run was, or would be, made with. */
export interface Made extends Omit<Provenance, 'startedAt' | 'command' | 'recipe' | 'git'> {
  readonly git?: Provenance['git'];
  readonly options: StoredConfig['recipe'];
}

/** Everything that may move a result, but for where and when. */
export function differencesOf(a: Made, b: Made): readonly Difference[] {
  const [left, right] = [factsOf(a), factsOf(b)];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  return names
    .flatMap((name): readonly Difference[] => {
      const values = [left.get(name) ?? null, right.get(name) ?? null] as const;
      return values[0] === values[1]
        ? []
        : [{ kind: kindOf(name), name: name.slice(name.indexOf(' ') + 1), values }];
    })
    .sort((x, y) => KINDS.indexOf(x.kind) - KINDS.indexOf(y.kind));
}

const kindOf = (name: string): DifferenceKind => name.slice(0, name.indexOf(' ')) as DifferenceKind;

/** Each under `<kind> <name>`. */
function factsOf({
  options,
  limaml,
  dataset,
  dependencies,
  lockfile,
  engine,
  node,
  platform,
  cpu,
}: Made): ReadonlyMap<string, string> {
  // Baselines, evaluation and checks reach no trained model.
  const { baselines: _, evaluation: __, check: ___, ...recipe } = options;
  return new Map<string, string>([
    ...valuesOf(recipe).map(({ path, value }) => [`recipe ${path.join('.')}`, leafText(value)] as const),
    ['code limaml', `${limaml.version}, ${limaml.code.slice(0, 12)}`],
    ['data hash', `${dataset.name} ${dataset.hash.slice(0, 12)}`],
    ...Object.entries(dependencies).map(([name, version]) => [`dependency ${name}`, version] as const),
    ...(lockfile === null
      ? []
      : [['dependency lockfile', `${lockfile.file} ${lockfile.sha256.slice(0, 12)}`] as const]),
    ['engine engine', `${engine.name} ${engine.version}`],
    ['engine device', engine.device],
    ['machine node', node],
    ['machine platform', platform],
    ['machine cpu', cpu.model],
  ]);
}
