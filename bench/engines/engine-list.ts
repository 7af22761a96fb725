// Every engine that can run a kind of workload, and the command that starts it.
import { join } from 'node:path';
import type { EngineCommand } from './engine-process.js';
import { type PeerNeeds, python } from './peer-needs.js';

/** What engines can be asked to compute on; JAX only on the first. */
export const BENCH_DEVICES = ['cpu', 'cuda'] as const;
export type BenchDevice = (typeof BENCH_DEVICES)[number];

export interface EngineSpec extends PeerNeeds {
  readonly family: 'limaml' | 'pytorch' | 'jax';
  /** What it is, for the table's legend. */
  readonly title: string;
  readonly kinds: readonly string[];
  /** Python script under bench/peers and its variant, or a Node script under bench/engines. */
  readonly script: string;
  readonly variant?: string;
}

const TORCH_VARIANTS = [
  ['autograd', 'eager, tasks batched by hand, torch.autograd twice'],
  ['manual', 'eager, tasks batched by hand, inner gradient written out'],
  ['func', 'torch.func: vmap of grad'],
  ['compile', 'torch.compile of the hand-batched step'],
  ['loop', 'one task after another (learn2learn, MeLU)'],
] as const;
const SPARSE_VARIANTS = [
  ...TORCH_VARIANTS,
  ['pairs', 'as manual, with the adapted weights kept as pairs, the algebra of our engine'],
] as const;
const SCORE_VARIANTS = [
  ['eager', 'eager, pieces of rows'],
  ['compile', 'torch.compile of the same'],
] as const;

const REPLAY_VARIANTS = [
  ['func', 'torch.func: vmap of grad over padded pieces of windows of like length'],
  [
    'pairs',
    'what a row needs of the global block computed once for all its windows, inner gradient written out, adapted weights kept as pairs',
  ],
] as const;

const SPARSE_ROWS = [
  ['sparse', 'eager, nn.Embedding(sparse=True) with SparseAdam'],
  ['lazy', 'eager, rows gathered and updated by hand'],
] as const;

function torch(
  script: string,
  kinds: readonly string[],
  variants: readonly (readonly [string, string])[],
): EngineSpec[] {
  return variants.map(([variant, title]) => ({
    name: `torch-${variant}`,
    family: 'pytorch',
    title,
    kinds,
    script,
    variant,
    needs: 'torch',
    compiled: variant === 'compile',
  }));
}

function jax(script: string, kinds: readonly string[], title: string): EngineSpec {
  return { name: 'jax', family: 'jax', title, kinds, script, needs: 'jax' };
}

/** Ours first: the others are held to its numbers. */
export const engineSpecs: readonly EngineSpec[] = [
  {
    name: 'limaml',
    family: 'limaml',
    title: 'one symbolic graph on ONNX Runtime, tiles over worker threads',
    kinds: [
      'meta-dense',
      'meta-sparse',
      'adapt-dense',
      'adapt-sparse',
      'score',
      'rows-small',
      'rows-large',
      'replay',
    ],
    script: 'limaml.js',
  },
  {
    name: 'limaml-pairs',
    family: 'limaml',
    title: 'the same, and rows scored with earlier vectors for pairs within entities, as `limaml eval` does',
    kinds: ['replay'],
    script: 'limaml.js',
    variant: 'pairs',
  },
  ...torch('torch_dense.py', ['meta-dense'], TORCH_VARIANTS),
  ...torch('torch_dense_adapt.py', ['adapt-dense'], TORCH_VARIANTS),
  ...torch('torch_sparse.py', ['meta-sparse', 'adapt-sparse'], SPARSE_VARIANTS),
  ...torch(
    'torch_deep_rows.py',
    ['rows-small'],
    [['dense', 'eager, nn.Embedding, fused Adam over all rows']],
  ),
  ...torch('torch_deep_rows.py', ['rows-small', 'rows-large'], SPARSE_ROWS),
  {
    name: 'torch-deepctr',
    family: 'pytorch',
    title: "DeepCTR-Torch's WDL, dense Adam over all rows",
    kinds: ['rows-small'],
    script: 'torch_deepctr.py',
    needs: 'deepctr_torch',
  },
  ...torch('torch_score.py', ['score'], SCORE_VARIANTS),
  ...torch('torch_replay.py', ['replay'], REPLAY_VARIANTS),
  jax('jax_dense.py', ['meta-dense'], 'jit(vmap(grad)), a piece of tasks a thread'),
  jax('jax_dense_adapt.py', ['adapt-dense'], 'jit(vmap(grad))'),
  jax('jax_sparse.py', ['meta-sparse'], 'jit(vmap(grad)) on pieces of like support length'),
  jax('jax_sparse_adapt.py', ['adapt-sparse'], 'jit(vmap(grad)) on pieces of like support length'),
  jax('jax_deep_rows.py', ['rows-small', 'rows-large'], 'jit of gradient and lazy Adam'),
  jax('jax_score.py', ['score'], 'jit over pieces of rows'),
];

/** `root` is the project's folder (Python sources are not compiled), `built` the folder of the running program. */
export function engineCommand(
  spec: EngineSpec,
  folder: string,
  { threads, device }: { readonly threads: number; readonly device: BenchDevice },
  places: { readonly root: string; readonly built: string },
): EngineCommand {
  const rest = ['--folder', folder, '--threads', String(threads), '--device', device];
  if (spec.variant !== undefined) rest.push('--variant', spec.variant);
  return spec.script.endsWith('.py')
    ? { file: python, args: [join(places.root, 'bench', 'peers', spec.script), ...rest] }
    : { file: process.execPath, args: [join(places.built, 'engines', spec.script), ...rest] };
}
