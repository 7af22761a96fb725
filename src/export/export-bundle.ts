// `limaml export`: a trained model as a folder that any ONNX engine can serve from.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolderAtomic } from '../atomic-files.js';
import { BUNDLE_FILES, type Through } from '../bundle/format/files.js';
import { writeManifest } from '../bundle/format/manifest.js';
import type { BundleManifest, ManifestContent } from '../bundle/format/manifest-schema.js';
import type { RawInput } from '../bundle/format/raw-input.js';
import type { Shard } from '../bundle/format/shard.js';
import { keptAs, type VectorType } from '../bundle/format/vector-type.js';
import { layoutOf } from '../bundle/open.js';
import { asOnlyWriter, requireBundlePlace } from '../bundle/place.js';
import { writePythonModule } from '../bundle/python-module.js';
import { bundleReadme } from '../bundle/readme.js';
import { DEFAULT_STORE } from '../bundle/store/registry.js';
import type { StoreFigures } from '../bundle/store/store.js';
import type { ExecutionConfig } from '../engine/execution-config.js';
import { loadSource } from '../engine/features/load-source.js';
import type { ModelState } from '../engine/model-state.js';
import { programsToScore } from '../engine/programs/program-key.js';
import { openRunner } from '../engine/runner/open-runner.js';
import { UserError } from '../errors.js';
import { toOnnx } from '../graph/onnx/model.js';
import { entityPart, episodeGroups, type Model } from '../models/contract/definition.js';
import { packageVersion } from '../package-root.js';
import { type LoggedDescriptor, loggedDescriptor } from '../prep/descriptor/logged.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import type { RowRoles } from '../scoring/learning-rows.js';
import { describeGraph } from './graphs/describe-graph.js';
import { rawInputs } from './graphs/raw-inputs.js';
import { adaptGraph, scoreGraph } from './graphs/serving-programs.js';
import { loadVocabularies, type Vocabularies } from './graphs/vocabularies.js';
import { rawSource } from './raw-rows.js';
import { writeFeatures } from './write-features.js';
import { writeHistory } from './write-history.js';
import { writePrior } from './write-prior.js';
import { writeVectors } from './write-vectors.js';

/** Where the exported numbers come from, for the record. */
interface ExportedRun {
  readonly id: string;
  readonly options: unknown;
  readonly configHash: string;
  readonly checkpoint: { readonly file: string; readonly sha256: string };
}

interface ExportRequest {
  readonly model: Model;
  readonly state: ModelState;
  readonly dataset: PreparedDataset;
  readonly run: ExportedRun;
  /** The rows that the model learned from; IDs that occur in no such row are unknown to it. */
  readonly roles: RowRoles;
  /** Up to which split rows may be support of the meta embeddings. */
  readonly through: Through;
  /** Writes what this shard is to do, for `limaml merge`, instead of a bundle. */
  readonly shard?: Shard | undefined;
  /** How stored vectors are kept; 32-bit floats by default. */
  readonly vectors?: VectorType;
  readonly execution: ExecutionConfig;
  /** Folder to make; an older bundle there is replaced. */
  readonly outDirectory: string;
  /** Looks at the finished folder before it takes its place; what it throws leaves the older bundle where it was. */
  readonly check?: (folder: string) => Promise<void>;
  /** Done once it is in its place, before another writer may replace it. */
  readonly whenMade?: () => Promise<void>;
  readonly progress: Progress;
}

/** Writes the bundle whole or not at all. Throws EXPORT_READS_SUPPORT, EXPORT_NAME_TAKEN, EXPORT_TOO_LARGE, OUT_NOT_BUNDLE and BUSY. */
export function exportBundle(request: ExportRequest): Promise<BundleManifest> {
  return asOnlyWriter(request.outDirectory, async () => {
    const manifest = await writeBundle(request);
    await request.whenMade?.();
    return manifest;
  });
}

async function writeBundle(request: ExportRequest): Promise<BundleManifest> {
  const { model, state, dataset, outDirectory, progress } = request;
  if (model.reads !== undefined) throw readsSupport(model);
  await requireBundlePlace(outDirectory);
  const inputs = servingInputs(model);
  const source = await loadSource(dataset, request.roles.learn);
  const all = [...new Map([...inputs.score, ...inputs.adapt].map((input) => [input.name, input])).values()];
  const vocabularies = await loadVocabularies(dataset, all, source);
  const raw = await rawSource(dataset, all);
  const descriptor = describedLog(dataset, progress);
  let manifest: BundleManifest | undefined;
  await writeFolderAtomic(outDirectory, async (folder) => {
    progress({ kind: 'stage', name: 'export', detail: model.name });
    const graphs = await writeGraphs(folder, model, state, descriptor, inputs, vocabularies);
    const content = contentOf(request, inputs, graphs, descriptor);
    const layout = layoutOf(content);
    const writer = await DEFAULT_STORE.create(folder, layout);
    let figures: StoreFigures;
    try {
      if (model.adapts.length > 0) {
        const runner = await openRunner(model, state, request.execution, programsToScore(model));
        const { tileRows } = request.execution;
        try {
          const adaptInputs = inputs.adapt;
          await writeVectors(writer, { ...request, source, runner, raw, tileRows, adaptInputs });
        } finally {
          await runner.close();
        }
      }
      await writeFeatures(writer, layout, dataset, raw);
      figures = await writer.finish();
    } finally {
      await writer.close();
    }
    if (graphs.adapt !== null) await writePrior(folder, inputs.adapt);
    const { through } = request;
    const history = await writeHistory(folder, dataset, descriptor, all, through, progress);
    const whole = { ...content, history, data: { through, ...figures } };
    await writeFile(join(folder, BUNDLE_FILES.readme), bundleReadme(whole));
    await writePythonModule(folder);
    manifest = await writeManifest(folder, whole);
    await request.check?.(folder);
  });
  return manifest!;
}

function readsSupport({ name, reads }: Model): UserError {
  return new UserError({
    code: 'EXPORT_READS_SUPPORT',
    where: `model "${name}"`,
    what: `It reads up to ${reads!.maxSupport} support rows of the entity for every row that it scores. A bundle holds one vector an entity.`,
    next: 'Compare it by eval. To serve, export a model that keeps a vector (limaml, finetune) or none (widedeep, deep, dcnv2).',
  });
}

/** The raw values that the two graphs read. */
function servingInputs(model: Model): {
  readonly score: readonly RawInput[];
  readonly adapt: readonly RawInput[];
} {
  const score = rawInputs(model.rowGroups);
  return {
    score,
    adapt: model.adapts.length === 0 ? [] : rawInputs([...model.taskGroups, ...episodeGroups(model)]),
  };
}

type Graphs = Pick<BundleManifest, 'score' | 'adapt'>;

async function writeGraphs(
  folder: string,
  model: Model,
  state: ModelState,
  descriptor: LoggedDescriptor,
  inputs: { readonly score: readonly RawInput[]; readonly adapt: readonly RawInput[] },
  vocabularies: Vocabularies,
): Promise<Graphs> {
  const score = scoreGraph(model, state, vocabularies);
  const describe = (what: string) => ({
    description: `${model.name}: ${what}`,
    metadata: { limaml: packageVersion() },
  });
  await writeFile(join(folder, BUNDLE_FILES.score), toOnnx(score, describe('raw values to probability')));
  const described = describeGraph(BUNDLE_FILES.score, score, inputs.score, descriptor);
  if (model.adapts.length === 0) return { score: described, adapt: null };
  const adapt = adaptGraph(model, state, vocabularies);
  await writeFile(
    join(folder, BUNDLE_FILES.adapt),
    toOnnx(adapt, describe('raw support rows to meta embedding')),
  );
  return { score: described, adapt: describeGraph(BUNDLE_FILES.adapt, adapt, inputs.adapt, descriptor) };
}

function contentOf(
  { model, dataset, run, through, shard, vectors = 'float32' }: ExportRequest,
  inputs: BundleManifest['inputs'],
  graphs: Graphs,
  descriptor: LoggedDescriptor,
): ManifestContent {
  const { id, options, configHash, checkpoint } = run;
  const size = entityPart(model)?.size ?? null;
  return {
    limaml: packageVersion(),
    store: DEFAULT_STORE.name,
    model: {
      name: model.name,
      options,
      configHash,
      dimensions: size,
      maxSupport: entityPart(model)?.maxSupport ?? null,
    },
    parents: {
      run: id,
      dataset: { name: dataset.manifest.dataset, hash: dataset.hash },
      checkpoint,
      bundle: null,
      events: null,
    },
    data: { through, ...NOTHING },
    ...(shard === undefined ? {} : { shard }),
    ...(vectors === 'float32' || size === null ? {} : { vectors: keptAs(vectors, size) }),
    ...graphs,
    inputs,
    history: null,
    descriptor,
  };
}

const NOTHING: StoreFigures = { entities: 0, supportRows: 0, cutoffMs: null };

/** How the log is read, as far as the descriptor says it in words that are understood. */
function describedLog({ manifest, path }: PreparedDataset, progress: Progress): LoggedDescriptor {
  const { logged, faults } = loggedDescriptor(manifest.descriptor);
  if (faults.length > 0)
    progress({
      kind: 'warning',
      code: 'EXPORT_LOG_UNKNOWN',
      text: `${path}: its descriptor is not understood (${faults.slice(0, 3).join('; ')}): the bundle will not know how the raw log is read.`,
    });
  return logged;
}
