// `limaml export`: a trained model as a folder that any ONNX engine can serve from.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolderAtomic } from '../atomic-files.js';
import {
  BUNDLE_FILES,
  type BundleManifest,
  isBundle,
  type ManifestContent,
  type Through,
  writeManifest,
} from '../bundle/manifest.js';
import { writePrior } from '../bundle/prior.js';
import { openTableStore } from '../bundle/store/table-store.js';
import type { ExecutionConfig } from '../engine/execution-config.js';
import { loadSource } from '../engine/features/load-source.js';
import type { ModelState } from '../engine/model-state.js';
import { programsToScore } from '../engine/programs/program-key.js';
import { openRunner } from '../engine/runner/open-runner.js';
import { UserError } from '../errors.js';
import { toOnnx } from '../graph/onnx/model.js';
import { entityPart, type Model } from '../models/definition.js';
import { packageVersion } from '../package-root.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import type { RowRoles } from '../scoring/learning-rows.js';
import type { RawSource } from '../serving/columns/raw-values.js';
import { bundleReadme } from './bundle-readme.js';
import { type EmbeddingSummary, writeEmbeddings, writeSideTable } from './export-tables.js';
import { describeGraph, type KnownDescriptor } from './graphs/describe-graph.js';
import { type RawInput, rawInputs } from './graphs/raw-input.js';
import { adaptGraph, scoreGraph } from './graphs/serving-programs.js';
import { loadVocabularies, type Vocabularies } from './graphs/vocabularies.js';

/** Where the exported numbers come from, for the record. */
export interface ExportedRun {
  readonly id: string;
  readonly options: unknown;
  readonly configHash: string;
  readonly checkpoint: { readonly file: string; readonly sha256: string };
}

export interface ExportRequest {
  readonly model: Model;
  readonly state: ModelState;
  readonly dataset: PreparedDataset;
  readonly run: ExportedRun;
  /** The rows that the model learned from; IDs that occur in no such row are unknown to it. */
  readonly roles: RowRoles;
  /** Up to which split rows may be support of the meta embeddings. */
  readonly through: Through;
  readonly execution: ExecutionConfig;
  /** Folder to make; an older bundle there is replaced. */
  readonly outDirectory: string;
  readonly progress: Progress;
}

/** Writes the bundle whole or not at all. Throws EXPORT_NAME_TAKEN, EXPORT_TOO_LARGE and OUT_NOT_BUNDLE. */
export async function exportBundle(request: ExportRequest): Promise<BundleManifest> {
  const { model, state, dataset, outDirectory, progress } = request;
  await requireBundlePlace(outDirectory);
  const inputs = servingInputs(model);
  const source = await loadSource(dataset, request.roles.learn);
  const all = [...new Map([...inputs.score, ...inputs.adapt].map((input) => [input.name, input])).values()];
  const vocabularies = await loadVocabularies(dataset, all, source);
  const raw: RawSource = { words: vocabularies.words, ...source };
  let manifest: BundleManifest | undefined;
  await writeFolderAtomic(outDirectory, async (folder) => {
    progress({ kind: 'stage', name: 'export', detail: model.name });
    const graphs = await writeGraphs(folder, model, state, dataset, inputs, vocabularies);
    const store = await openTableStore(folder);
    let summary: EmbeddingSummary = { entities: 0, supportRows: 0, cutoffMs: null };
    try {
      if (model.adapts.length > 0) {
        const runner = await openRunner(model, state, request.execution, programsToScore(model));
        try {
          summary = await writeEmbeddings(folder, store, {
            ...request,
            source,
            runner,
            raw,
            tileRows: request.execution.tileRows,
            adaptInputs: inputs.adapt,
          });
        } finally {
          await runner.close();
        }
      }
      for (const side of ['entity', 'item'] as const)
        await writeSideTable(folder, store, side, all, dataset, raw);
    } finally {
      await store.close();
    }
    const content = contentOf(request, inputs, graphs, summary);
    if (graphs.adapt !== null) await writePrior(folder, inputs.adapt);
    await writeFile(join(folder, BUNDLE_FILES.readme), bundleReadme(content));
    manifest = await writeManifest(folder, content);
  });
  return manifest!;
}

/** The raw values that the two graphs read. */
function servingInputs(model: Model): {
  readonly score: readonly RawInput[];
  readonly adapt: readonly RawInput[];
} {
  const score = rawInputs(model.rowGroups);
  return {
    score,
    adapt: model.adapts.length === 0 ? [] : rawInputs([...model.taskGroups, ...model.rowGroups]),
  };
}

type Graphs = Pick<BundleManifest, 'score' | 'adapt'>;

async function writeGraphs(
  folder: string,
  model: Model,
  state: ModelState,
  { manifest }: PreparedDataset,
  inputs: { readonly score: readonly RawInput[]; readonly adapt: readonly RawInput[] },
  vocabularies: Vocabularies,
): Promise<Graphs> {
  const descriptor = (manifest.descriptor ?? {}) as KnownDescriptor;
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
  { model, dataset, run, through }: ExportRequest,
  inputs: BundleManifest['inputs'],
  graphs: Graphs,
  summary: EmbeddingSummary,
): ManifestContent {
  const { id, options, configHash, checkpoint } = run;
  return {
    limaml: packageVersion(),
    model: {
      name: model.name,
      options,
      configHash,
      dimensions: entityPart(model)?.size ?? null,
      maxSupport: entityPart(model)?.maxSupport ?? null,
    },
    parents: {
      run: id,
      dataset: { name: dataset.manifest.dataset, hash: dataset.hash },
      checkpoint,
      bundle: null,
      events: null,
    },
    data: { through, ...summary },
    ...graphs,
    inputs,
    descriptor: dataset.manifest.descriptor,
  };
}

/** Throws OUT_NOT_BUNDLE where something else than a bundle would be replaced. */
export async function requireBundlePlace(path: string): Promise<void> {
  const content = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') return ['a file'];
    throw error;
  });
  if (content.length === 0 || (await isBundle(path))) return;
  throw new UserError({
    code: 'OUT_NOT_BUNDLE',
    where: path,
    what: 'Something that is no serving bundle is there, and would be replaced.',
    next: 'Name another folder with --out.',
  });
}
