// An exported bundle opened for serving: files checked, graphs and tables loaded on demand.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InternalError, UserError } from '../errors.js';
import type { CompiledProgram } from '../runtime/executor.js';
import { loadSession } from '../runtime/onnxruntime.js';
import { BUNDLE_FILES } from './format/files.js';
import { readWholeManifest, requireManifest } from './format/manifest.js';
import type { BundleManifest, ManifestContent } from './format/manifest-schema.js';
import { eventFeatures, sideFeatures } from './format/raw-input.js';
import { guardedStore } from './guarded-store.js';
import { storeNamed } from './store/registry.js';
import type { BundleStore, Reading, StoreLayout } from './store/store.js';

export interface Bundle {
  readonly folder: string;
  readonly manifest: BundleManifest;
  readonly store: BundleStore;
  score(): Promise<CompiledProgram>;
  /** Throws for a model that adapts nothing. */
  adapt(): Promise<CompiledProgram>;
  /** Vector of an entity of which nothing is known. */
  prior(): Promise<Float32Array>;
  /** Throws UserError BUNDLE_REPLACED where another bundle has taken the place of this one: files read since may be that one's. */
  requireUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/** prior.json. */
const priorSchema = z.object({ meaning: z.string(), vector: z.array(z.number()).readonly() });

/** What the store of a bundle keeps. */
export function layoutOf({
  model,
  inputs,
  vectors,
}: Pick<ManifestContent, 'model' | 'inputs' | 'vectors'>): StoreLayout {
  const all = [...inputs.score, ...inputs.adapt];
  return {
    dimensions: model.dimensions,
    vectorType: vectors?.type ?? 'float32',
    event: eventFeatures(inputs.adapt),
    entity: sideFeatures(all, 'entity'),
    item: sideFeatures(all, 'item'),
  };
}

/** Opens a bundle. Throws UserError BUNDLE_MISSING, BUNDLE_VERSION, BUNDLE_STORE or BUNDLE_DAMAGED. `threads`: within one graph run. */
export async function openBundle(
  folder: string,
  threads = 1,
  reading: Reading = 'any order',
): Promise<Bundle> {
  const manifest = await readWholeManifest(folder);
  const requireUnchanged = (): Promise<void> => requireManifest(folder, manifest.hash);
  const kind = storeNamed(manifest.store, folder);
  const store = kind.open(folder, layoutOf(manifest), reading, requireUnchanged);
  const graphs = openGraphs(folder, manifest, threads);
  return {
    ...graphs,
    store: guardedStore(store, requireUnchanged),
    requireUnchanged,
    close: async () => {
      await store.close?.();
      await graphs.close();
    },
  };
}

/** A bundle without its tables. */
export function openGraphs(
  folder: string,
  manifest: BundleManifest,
  threads: number,
): Omit<Bundle, 'store' | 'requireUnchanged'> {
  const sessions = new Map<string, Promise<CompiledProgram>>();
  const load = (file: string): Promise<CompiledProgram> => {
    const known = sessions.get(file) ?? loadSession(join(folder, file), undefined, { threads });
    sessions.set(file, known);
    return known;
  };
  return {
    folder,
    manifest,
    score: () => load(BUNDLE_FILES.score),
    adapt: () => {
      if (manifest.adapt === null) throw new InternalError(`model "${manifest.model.name}" adapts nothing`);
      return load(BUNDLE_FILES.adapt);
    },
    prior: async () => {
      const where = join(folder, BUNDLE_FILES.prior);
      const prior = priorSchema.safeParse(JSON.parse(await readFile(where, 'utf8')));
      if (prior.success && prior.data.vector.length === manifest.model.dimensions)
        return Float32Array.from(prior.data.vector);
      throw new UserError({
        code: 'BUNDLE_DAMAGED',
        where,
        what: `This is no vector of ${manifest.model.dimensions} numbers.`,
        next: 'Export the run again.',
      });
    },
    close: async () => {
      for (const session of sessions.values()) await (await session).dispose();
      sessions.clear();
    },
  };
}
