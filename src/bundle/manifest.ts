// What a bundle says of itself: `manifest.json`, which names its parents by hash and every file by its content.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonAtomic } from '../atomic-files.js';
import { UserError } from '../errors.js';
import type { GraphDescription } from '../export/graphs/describe-graph.js';
import type { RawInput } from '../export/graphs/raw-input.js';
import { hashFile, hashJson } from '../hash.js';
import { settle } from '../leftovers.js';

/** Version of the folder layout; a reader names the version it cannot read. */
export const BUNDLE_FORMAT = { name: 'limaml-bundle', version: 1 } as const;

export const BUNDLE_FILES = {
  manifest: 'manifest.json',
  score: 'score.onnx',
  adapt: 'adapt.onnx',
  embeddings: 'embeddings.parquet',
  support: 'support.parquet',
  entities: 'entities.parquet',
  items: 'items.parquet',
  prior: 'prior.json',
  readme: 'README.md',
} as const;

/** Up to which split an entity's rows may be its support. */
export const THROUGH = ['train', 'valid', 'test'] as const;
export type Through = (typeof THROUGH)[number];

export interface EventsParent {
  readonly file: string;
  readonly sha256: string;
  readonly rows: number;
}

export interface BundleManifest {
  readonly format: typeof BUNDLE_FORMAT.name;
  readonly version: number;
  /** SHA-256 of this manifest without the hash itself; names the bundle. */
  readonly hash: string;
  /** Version of the program that wrote it. */
  readonly limaml: string;
  readonly model: {
    readonly name: string;
    readonly options: unknown;
    /** SHA-256 of name, options and features. */
    readonly configHash: string;
    /** Length of the meta embedding; null for a model that adapts nothing. */
    readonly dimensions: number | null;
    /** Most support rows an entity is adapted on; null likewise. */
    readonly maxSupport: number | null;
  };
  readonly parents: {
    readonly run: string;
    readonly dataset: { readonly name: string; readonly hash: string };
    readonly checkpoint: { readonly file: string; readonly sha256: string };
    /** Hash of the bundle that this one was refreshed from, and the events that came in. */
    readonly bundle: string | null;
    readonly events: EventsParent | null;
  };
  readonly data: {
    readonly through: Through;
    /** Time of the latest support row, milliseconds since 1970; null without any. */
    readonly cutoffMs: number | null;
    /** Rows of embeddings.parquet; 0 for a model that adapts nothing. */
    readonly entities: number;
    readonly supportRows: number;
  };
  readonly score: GraphDescription;
  readonly adapt: GraphDescription | null;
  /** Raw values that the graphs read, by graph. */
  readonly inputs: { readonly score: readonly RawInput[]; readonly adapt: readonly RawInput[] };
  /** How the raw log is read: the descriptor that prep resolved. */
  readonly descriptor: unknown;
  /** Every other file of the folder. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

export type ManifestContent = Omit<BundleManifest, 'format' | 'version' | 'hash' | 'files'>;

/** Hashes the folder's files and writes the manifest, last of all. */
export async function writeManifest(folder: string, content: ManifestContent): Promise<BundleManifest> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const file of Object.values(BUNDLE_FILES).sort()) {
    if (file === BUNDLE_FILES.manifest) continue;
    const found = await stat(join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found !== undefined) files[file] = { bytes: found.size, sha256: await hashFile(join(folder, file)) };
  }
  const { name: format, version } = BUNDLE_FORMAT;
  const body = { format, version, ...content, files };
  const manifest = { ...body, hash: hashJson(body) };
  await writeJsonAtomic(join(folder, BUNDLE_FILES.manifest), manifest);
  return manifest;
}

const AGAIN = 'Restore it, or export the run again.';

/** True for a folder that holds a bundle's manifest, of whatever version. */
export async function isBundle(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, BUNDLE_FILES.manifest), 'utf8').catch(() => '{}');
  try {
    return (JSON.parse(text) as Partial<BundleManifest>).format === BUNDLE_FORMAT.name;
  } catch {
    return false; // no JSON, so no manifest of ours
  }
}

/** Reads a bundle's manifest. Throws UserError BUNDLE_MISSING, BUNDLE_DAMAGED or BUNDLE_VERSION. */
export async function readManifest(folder: string): Promise<BundleManifest> {
  await settle(folder);
  const where = join(folder, BUNDLE_FILES.manifest);
  let manifest: BundleManifest;
  try {
    manifest = JSON.parse(await readFile(where, 'utf8')) as BundleManifest;
  } catch (error) {
    const absent = ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
    throw new UserError({
      code: absent ? 'BUNDLE_MISSING' : 'BUNDLE_DAMAGED',
      where: absent ? folder : where,
      what: absent
        ? 'This is no serving bundle: it has no manifest.json.'
        : `The manifest cannot be read: ${(error as Error).message}`,
      next: absent ? 'Name the folder that limaml export wrote.' : AGAIN,
    });
  }
  if (manifest.format !== BUNDLE_FORMAT.name || manifest.version !== BUNDLE_FORMAT.version)
    throw new UserError({
      code: 'BUNDLE_VERSION',
      where,
      what: `The format is "${manifest.format}" version ${manifest.version}; this program reads "${BUNDLE_FORMAT.name}" version ${BUNDLE_FORMAT.version}.`,
      next: 'Export the run again with this version.',
    });
  const { hash, ...body } = manifest;
  if (hashJson(body) !== hash)
    throw new UserError({
      code: 'BUNDLE_DAMAGED',
      where,
      what: 'The manifest is not as it was written: its hash does not match.',
      next: AGAIN,
    });
  return manifest;
}

/** Compares every file with its hash in the manifest. Throws UserError BUNDLE_DAMAGED naming the first that differs. */
export async function checkBundleFiles(folder: string, manifest: BundleManifest): Promise<void> {
  for (const [file, { sha256 }] of Object.entries(manifest.files)) {
    const found = await hashFile(join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found === sha256) continue;
    throw new UserError({
      code: 'BUNDLE_DAMAGED',
      where: join(folder, file),
      what:
        found === undefined
          ? 'The file is missing.'
          : `The file is not what was exported: its SHA-256 is ${found.slice(0, 12)}…, not ${sha256.slice(0, 12)}….`,
      next: AGAIN,
    });
  }
}
