// An exported bundle opened for serving: files checked, graphs loaded on demand.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InternalError } from '../errors.js';
import type { CompiledProgram } from '../runtime/executor.js';
import { loadSession } from '../runtime/onnxruntime.js';
import { BUNDLE_FILES, type BundleManifest, checkBundleFiles, readManifest } from './manifest.js';
import type { Prior } from './prior.js';

export interface Bundle {
  readonly folder: string;
  readonly manifest: BundleManifest;
  score(): Promise<CompiledProgram>;
  /** Throws for a model that adapts nothing. */
  adapt(): Promise<CompiledProgram>;
  /** Vector of an entity of which nothing is known. */
  prior(): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Opens a bundle. Throws UserError BUNDLE_MISSING, BUNDLE_VERSION or BUNDLE_DAMAGED. `threads`: within one graph run. */
export async function openBundle(folder: string, threads = 1): Promise<Bundle> {
  const manifest = await readManifest(folder);
  await checkBundleFiles(folder, manifest);
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
      const { vector } = JSON.parse(await readFile(join(folder, BUNDLE_FILES.prior), 'utf8')) as Prior;
      return Float32Array.from(vector);
    },
    close: async () => {
      for (const session of sessions.values()) await (await session).dispose();
      sessions.clear();
    },
  };
}
