// `limaml refresh --vectors`: vectors that another engine computed, into a bundle.
import { copyFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { writeFolderAtomic } from '../atomic-files.js';
import { BUNDLE_FILES } from '../bundle/format/files.js';
import { writeManifest } from '../bundle/format/manifest.js';
import { asStored } from '../bundle/format/vector-type.js';
import { type Bundle, layoutOf, openBundle } from '../bundle/open.js';
import { asOnlyWriter, requireBundlePlace } from '../bundle/place.js';
import { writePythonModule } from '../bundle/python-module.js';
import { bundleReadme } from '../bundle/readme.js';
import { storeNamed } from '../bundle/store/registry.js';
import type { StoreFigures, StoreWriter } from '../bundle/store/store.js';
import { UserError } from '../errors.js';
import type { Progress } from '../progress.js';
import { withChangedVectors } from './changed-vectors.js';
import type { WhenMade } from './refresh-and-publish.js';
import { type ReadVectors, readVectors } from './vectors/read-vectors.js';

interface ImportRequest {
  readonly folder: string;
  /** Where the newer bundle goes; may be `folder` itself. */
  readonly outDirectory: string;
  /** Folder of Parquet files. */
  readonly vectors: string;
  /** File for the vectors that change, as in `RefreshRequest`. */
  readonly changed?: string | undefined;
  /** How far a number may be off what is stored and still be that: of numbers beyond 1, that share of them. `CHANGED_ABOVE` by default. */
  readonly changedAbove?: number | undefined;
  /** As in `RefreshRequest`. */
  readonly whenMade?: WhenMade | undefined;
  readonly progress: Progress;
}

/** What the same graph gives in another engine is off by no more (docs/spark.md). */
const CHANGED_ABOVE = 1e-6;

export interface ImportedVectors {
  readonly bundle: string;
  readonly hash: string;
  /** Hash of the bundle that this one was made from. */
  readonly from: string;
  readonly files: number;
  readonly changedAbove: number;
  /** Vectors read, how many of them are not what was stored, and of these how many of members without one. */
  readonly vectors: number;
  readonly changed: number;
  readonly added: number;
  readonly entities: number;
}

/**
 * Writes the newer bundle whole or not at all; vectors that are stored already, to `changedAbove`, change nothing. The support rows stay as they are. Throws
 * REFRESH_NO_VECTORS, OUT_NOT_BUNDLE, BUSY, what `openBundle` and `readVectors` throw.
 */
export function importVectors(request: ImportRequest): Promise<ImportedVectors> {
  return asOnlyWriter(request.outDirectory, async () => {
    const { folder, outDirectory, progress } = request;
    await requireBundlePlace(outDirectory);
    const bundle = await openBundle(folder);
    const work = await mkdtemp(join(tmpdir(), 'limaml-vectors-'));
    try {
      const { model, files, adapt } = bundle.manifest;
      const graph = files[BUNDLE_FILES.adapt];
      if (adapt === null || model.dimensions === null || graph === undefined)
        throw new UserError({
          code: 'REFRESH_NO_VECTORS',
          where: folder,
          what: `Model "${model.name}" adapts nothing: there are no vectors to refresh.`,
          next: 'Train and export again to learn from new events.',
        });
      progress({ kind: 'stage', name: 'import', detail: request.vectors });
      const read = await readVectors(
        request.vectors,
        { dimensions: model.dimensions, adapt: graph.sha256 },
        work,
      );
      const made = await take(bundle, read, request).finally(() => read.close());
      await request.whenMade?.(made);
      return made;
    } finally {
      await bundle.close();
      await rm(work, { recursive: true, force: true });
    }
  });
}

async function take(bundle: Bundle, read: ReadVectors, request: ImportRequest): Promise<ImportedVectors> {
  const { folder, manifest } = bundle;
  const { outDirectory, changedAbove = CHANGED_ABOVE, progress } = request;
  const { format: _format, version: _version, hash: from, files, ...content } = manifest;
  let hash = from;
  let counted = { changed: 0, added: 0 };
  let figures: StoreFigures = manifest.data;
  const fill = async (fresh: string, changed: Pick<StoreWriter, 'putVectors'> | undefined): Promise<void> => {
    const writer = await storeNamed(manifest.store, folder).update(
      fresh,
      folder,
      layoutOf(manifest),
      'vectors',
    );
    try {
      counted = await putChanged(
        bundle,
        read,
        [writer, ...(changed === undefined ? [] : [changed])],
        changedAbove,
        progress,
      );
      if (counted.changed === 0) return;
      figures = await writer.finish();
    } finally {
      await writer.close();
    }
    const remade: readonly string[] = [
      BUNDLE_FILES.embeddings,
      BUNDLE_FILES.support,
      BUNDLE_FILES.readme,
      BUNDLE_FILES.module,
    ];
    for (const file of Object.keys(files))
      if (!remade.includes(file)) await copyFile(join(folder, file), join(fresh, file));
    const { rows, sha256 } = read;
    const newer = {
      ...content,
      data: { ...content.data, ...figures },
      parents: {
        ...content.parents,
        bundle: from,
        vectors: { file: basename(request.vectors), sha256, rows },
      },
    };
    await writeFile(join(fresh, BUNDLE_FILES.readme), bundleReadme(newer));
    await writePythonModule(fresh);
    ({ hash } = await writeManifest(fresh, newer));
  };
  await withChangedVectors(request.changed, layoutOf(manifest), (changed) =>
    writeFolderAtomic(outDirectory, async (fresh) => {
      await fill(fresh, changed);
      if (counted.changed === 0) await cp(folder, fresh, { recursive: true });
      await bundle.requireUnchanged();
    }),
  );
  if (counted.added > 0)
    progress({
      kind: 'note',
      text: `${counted.added} members of ${request.vectors} had no vector in the bundle before`,
    });
  return {
    bundle: outDirectory,
    hash,
    from,
    files: read.files,
    changedAbove,
    vectors: read.rows,
    ...counted,
    entities: figures.entities,
  };
}

/** Puts the vectors that are not what is stored. What they rest on is not kept here, so their support is not counted. */
async function putChanged(
  { store, manifest }: Bundle,
  read: ReadVectors,
  writers: readonly Pick<StoreWriter, 'putVectors'>[],
  above: number,
  progress: Progress,
): Promise<{ readonly changed: number; readonly added: number }> {
  const size = manifest.model.dimensions!;
  const { vectorType } = layoutOf(manifest);
  let [changed, added, done] = [0, 0, 0];
  for await (const { entities, vectors: given, lastEventMs } of read.pieces()) {
    const vectors = asStored(vectorType, given, size);
    const stored = await store.vectors(entities);
    const differs = entities.flatMap((_, row) => {
      if (stored.found[row] === 0) added++;
      else if (!differ(vectors, stored.vectors, row * size, size, above)) return [];
      return [row];
    });
    const kept = new Float32Array(differs.length * size);
    differs.forEach((row, i) => {
      kept.set(vectors.subarray(row * size, (row + 1) * size), i * size);
    });
    if (differs.length > 0)
      for (const writer of writers)
        await writer.putVectors({
          entities: differs.map((row) => entities[row]!),
          vectors: kept,
          support: new Float64Array(differs.length).fill(Number.NaN),
          lastEventMs: differs.map((row) => lastEventMs[row]!),
        });
    changed += differs.length;
    done += entities.length;
    progress({ kind: 'step', done, total: read.rows, unit: 'vectors' });
  }
  return { changed, added };
}

function differ(
  given: Float32Array,
  stored: Float32Array,
  from: number,
  size: number,
  above: number,
): boolean {
  for (let at = from; at < from + size; at++)
    if (Math.abs(given[at]! - stored[at]!) > above * Math.max(1, Math.abs(stored[at]!))) return true;
  return false;
}
