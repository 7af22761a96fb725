// `limaml eval --bundle`: a bundle on labelled events of a new day, against older vectors of its own and another bundle.
import { open } from 'node:fs/promises';
import { asStored, keptAs, type VectorType, vectorBytes } from '../bundle/format/vector-type.js';
import { type Bundle, openBundle } from '../bundle/open.js';
import { UserError } from '../errors.js';
import { evaluationConfig } from '../evaluation/config/evaluation-config.js';
import { evaluateRows } from '../evaluation/evaluate-rows.js';
import type { EvaluationResult } from '../evaluation/evaluation-result.js';
import type { ScoredRows } from '../evaluation/rows/scored-rows.js';
import type { Progress } from '../progress.js';
import type { Freshness } from '../serving/replay/freshness.js';
import { type Replay, replayEvents, type UnknownEvents } from '../serving/replay/replay-events.js';
import { evaluationOf } from './evaluation-overrides.js';

interface EvaluateBundleRequest {
  readonly folder: string;
  /** File of events, and what errors call it. */
  readonly events: string;
  readonly eventsName: string;
  readonly refresh: Freshness;
  /** Folder of another bundle, refreshed in the same way. */
  readonly baseline?: string | undefined;
  /** Compares with the same bundle, its vectors stored as this. */
  readonly vectors?: VectorType | undefined;
  /** Texts of `--set`, keys under `evaluation` only. */
  readonly set: readonly string[];
  /** Least AUC asked for. */
  readonly minAuc?: number | undefined;
  readonly seed: number;
  readonly progress: Progress;
}

export interface BundleEvaluation extends EvaluationResult {
  readonly bundle: string;
  readonly hash: string;
  readonly events: string;
  readonly refresh: Freshness;
  readonly dropped: Readonly<Record<string, number>>;
  readonly unknown: UnknownEvents;
  /** How vectors are stored, and the bytes of one; null for a model that adapts nothing. */
  readonly vectors: { readonly type: VectorType; readonly bytes: number } | null;
  readonly floor: { readonly auc: number; readonly value: number | null; readonly passed: boolean } | null;
}

/**
 * Scores the events through the bundles alone, in the order of time, and measures. Throws UserError EVENTS_NOT_LATER, EVAL_SAME_BUNDLE,
 * EVAL_ROWS_DIFFER, EVAL_NOTHING_TO_REFRESH, EVAL_VECTORS, and what opening bundles and reading events throws.
 */
export async function evaluateBundle(request: EvaluateBundleRequest): Promise<BundleEvaluation> {
  const { folder, refresh, minAuc, seed, progress } = request;
  const config = evaluationOf({ recipe: { evaluation: evaluationConfig.parse({}) } }, request.set);
  const opened: Bundle[] = [];
  try {
    const bundle = await openBundle(folder);
    opened.push(bundle);
    const adapts = bundle.manifest.adapt !== null;
    if (refresh !== 'none' && !adapts) throw nothingToRefresh(bundle);
    const { vectors } = request;
    if (vectors !== undefined) requireExactVectors(bundle, vectors);
    const replayed = await replay(bundle, request, refresh === 'none' ? ['none'] : [refresh, 'none']);
    const scores = new Map<string, Float64Array>();
    const own = nameOf(bundle);
    const model = refresh === 'none' ? own : `${own} ${refresh}`;
    scores.set(model, replayed.scores.get(refresh)!.probability);
    if (refresh !== 'none') scores.set(`${own} as it is`, replayed.scores.get('none')!.probability);
    if (request.baseline !== undefined) {
      const baseline = await openBundle(request.baseline);
      opened.push(baseline);
      if (baseline.manifest.hash === bundle.manifest.hash) throw sameBundle(request.baseline);
      const way = baseline.manifest.adapt === null ? 'none' : refresh;
      const other = await replay(baseline, request, [way]);
      requireSameRows(replayed, other, request);
      const title = way === 'none' ? nameOf(baseline) : `${nameOf(baseline)} ${way}`;
      scores.set(title, other.scores.get(way)!.probability);
    }
    if (vectors !== undefined) {
      const other = await replay(storedAs(bundle, vectors), request, [refresh]);
      scores.set(`${own} as ${vectors}`, other.scores.get(refresh)!.probability);
    }
    for (const one of opened) await one.requireUnchanged();
    const baselines = [...scores.keys()].slice(1);
    const rows = scoredRows(replayed, refresh, scores);
    const result = evaluateRows(rows, { model, baselines, config, seed, progress });
    const value = result.models[0]!.metrics['auc']?.value ?? null;
    return {
      bundle: folder,
      hash: bundle.manifest.hash,
      events: request.eventsName,
      refresh,
      dropped: replayed.dropped,
      unknown: replayed.scores.get(refresh)!.unknown,
      vectors: adapts ? vectorsOf(bundle) : null,
      ...result,
      // How much was known of an entity says nothing of a model that does not adapt.
      models: adapts ? result.models : result.models.map((of) => ({ ...of, segments: [] })),
      floor: minAuc === undefined ? null : { auc: minAuc, value, passed: value !== null && value >= minAuc },
    };
  } finally {
    for (const one of opened) await one.close();
  }
}

const vectorsOf = ({ manifest: { model, vectors } }: Bundle) => {
  const type = vectors?.type ?? 'float32';
  return { type, bytes: vectorBytes(type, model.dimensions!) };
};

/** The bundle as it is with its vectors, and those made in a replay, stored in another way. */
function storedAs(bundle: Bundle, type: VectorType): Bundle {
  const { manifest, store } = bundle;
  const size = manifest.model.dimensions!;
  return {
    ...bundle,
    manifest: { ...manifest, vectors: keptAs(type, size) },
    store: {
      ...store,
      vectors: async (ids) => {
        const { vectors, found } = await store.vectors(ids);
        return { vectors: asStored(type, vectors, size), found };
      },
    },
  };
}

const nameOf = ({ manifest: { model, hash } }: Bundle): string => `${model.name} ${hash.slice(0, 6)}`;

/** The file is opened first: one that is not there is told as every other, however late its stream comes to be read. */
async function replay(
  bundle: Bundle,
  { events, eventsName, progress }: EvaluateBundleRequest,
  ways: readonly Freshness[],
): Promise<Replay> {
  const file = await open(events);
  const stream = file.createReadStream({ autoClose: false });
  return replayEvents(bundle, stream, eventsName, ways, progress).finally(() => file.close());
}

function scoredRows(
  { events, scores: replayed }: Replay,
  refresh: Freshness,
  scores: ReadonlyMap<string, Float64Array>,
): ScoredRows {
  const { support, lastEventMs } = replayed.get(refresh)!;
  return {
    rows: events.entity.length,
    entity: numbered(events.entity),
    item: numbered(events.item),
    timestampMs: Float64Array.from(events.timestampMs),
    label: Uint8Array.from(events.label),
    scores,
    historyLength: support,
    sinceLastMs: lastEventMs.map((last, row) => events.timestampMs[row]! - last),
    groups: new Map(),
  };
}

function numbered(ids: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(ids, (id) => {
    const known = numbers.get(id) ?? numbers.size;
    numbers.set(id, known);
    return known;
  });
}

/** Throws EVAL_ROWS_DIFFER where the two descriptors make different rows of one file. */
function requireSameRows(one: Replay, other: Replay, { baseline, eventsName }: EvaluateBundleRequest): void {
  const same = (['entity', 'item', 'timestampMs', 'label'] as const).every((column) => {
    const [a, b] = [one.events[column], other.events[column]];
    return a.length === b.length && a.every((value, row) => value === b[row]);
  });
  if (same) return;
  throw new UserError({
    code: 'EVAL_ROWS_DIFFER',
    where: baseline!,
    what: `The two bundles read other rows from ${eventsName}: their descriptors of the log differ.`,
    next: 'Compare bundles of one data set.',
  });
}

/** Throws EVAL_VECTORS where nothing would be told of what storing vectors as `type` costs. */
function requireExactVectors({ folder, manifest }: Bundle, type: VectorType): void {
  const { type: own } = manifest.vectors ?? { type: 'float32' };
  const none = manifest.adapt === null;
  if (!none && own === 'float32' && type !== own) return;
  throw new UserError({
    code: 'EVAL_VECTORS',
    where: folder,
    what: none
      ? `Model "${manifest.model.name}" adapts nothing: it has no vectors.`
      : `Its vectors are ${own} already${own === type ? '' : `: what ${type} would have kept of them is gone`}.`,
    next: none ? 'Leave out --vectors.' : 'Name a bundle with float32 vectors, and float16 or int8.',
  });
}

const sameBundle = (where: string): UserError =>
  new UserError({
    code: 'EVAL_SAME_BUNDLE',
    where,
    what: 'This is the evaluated bundle itself.',
    next: 'Name another bundle; --refresh compares with the vectors as they are by itself.',
  });

const nothingToRefresh = ({ folder, manifest }: Bundle): UserError =>
  new UserError({
    code: 'EVAL_NOTHING_TO_REFRESH',
    where: folder,
    what: `Model "${manifest.model.name}" adapts nothing: it has no vectors to refresh.`,
    next: 'Leave out --refresh, or name it with --baseline.',
  });
