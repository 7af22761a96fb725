// A bundle's `manifest.json`, which names its parents by hash and every file by its content: written, read, held to the files.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonAtomic } from '../../atomic-files.js';
import { UserError } from '../../errors.js';
import { hashFile, hashJson } from '../../hash.js';
import { settle } from '../../leftovers.js';
import { BUNDLE_FILES, BUNDLE_FORMAT, READ_VERSIONS } from './files.js';
import { type BundleManifest, type ManifestContent, manifestSchema } from './manifest-schema.js';
import { type Shard, shardText } from './shard.js';

/** Hashes the folder's files and writes the manifest, last of all. */
export async function writeManifest(folder: string, content: ManifestContent): Promise<BundleManifest> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const file of Object.values(BUNDLE_FILES).sort()) {
    if (file === BUNDLE_FILES.manifest) continue;
    const found = await stat(join(folder, file)).catch(absent);
    if (found !== undefined) files[file] = { bytes: found.size, sha256: await hashFile(join(folder, file)) };
  }
  const { name: format, version } = BUNDLE_FORMAT;
  const body = { format, version, ...content, files };
  const manifest: BundleManifest = { ...body, hash: hashJson(body) };
  await writeJsonAtomic(join(folder, BUNDLE_FILES.manifest), manifest);
  return manifest;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

const AGAIN = 'Restore it, or export the run again.';
const SHOWN_FAULTS = 5;
/** Of a bundle that is replaced again and again. */
const MOST_TRIES = 10;

const damaged = (where: string, what: string): UserError =>
  new UserError({ code: 'BUNDLE_DAMAGED', where, what, next: AGAIN });

/** Reads a bundle's manifest. Throws UserError BUNDLE_MISSING, BUNDLE_DAMAGED, BUNDLE_VERSION, and BUNDLE_PART for what one shard wrote. */
export async function readManifest(folder: string): Promise<BundleManifest> {
  const manifest = await anyManifest(folder);
  if (manifest.shard === undefined) return manifest;
  throw new UserError({
    code: 'BUNDLE_PART',
    where: folder,
    what: `This is ${shardText(manifest.shard)}, and no bundle yet.`,
    next: 'Put the shards together: limaml merge --part … --out bundle',
  });
}

/** Reads what one shard wrote. Throws UserError BUNDLE_NO_PART for a whole bundle, else as `readManifest`. */
export async function readPart(folder: string): Promise<BundleManifest & { readonly shard: Shard }> {
  const manifest = await anyManifest(folder);
  const { shard } = manifest;
  if (shard !== undefined) return { ...manifest, shard };
  throw new UserError({
    code: 'BUNDLE_NO_PART',
    where: folder,
    what: 'This is a whole bundle, and not what one of several shards wrote.',
    next: 'Name the folders that --shard wrote; the bundle that they refreshed goes with --bundle.',
  });
}

/** Throws BUNDLE_REPLACED where the bundle of this hash is no longer there: files read since may be another's. */
export async function requireManifest(folder: string, hash: string): Promise<void> {
  if ((await readManifest(folder)).hash === hash) return;
  throw new UserError({
    code: 'BUNDLE_REPLACED',
    where: folder,
    what: 'Another bundle took its place while it was read.',
    next: 'Run the command again.',
  });
}

/** The manifest of a bundle whose files are all as it says; of a bundle that takes its place meanwhile, that one's. Throws as the two that it calls. */
export async function readWholeManifest(folder: string): Promise<BundleManifest> {
  for (let tries = 1; ; tries++) {
    const manifest = await readManifest(folder);
    try {
      await checkBundleFiles(folder, manifest);
      return manifest;
    } catch (error) {
      const { hash } = await readManifest(folder);
      if (hash === manifest.hash || tries === MOST_TRIES) throw error;
    }
  }
}

async function anyManifest(folder: string): Promise<BundleManifest> {
  const where = join(folder, BUNDLE_FILES.manifest);
  await settle(folder);
  const read = await readJson(folder, where).catch(async (error: unknown) => {
    // Between the two renames of a writer there is no folder.
    if (!(error instanceof UserError) || error.code !== 'BUNDLE_MISSING') throw error;
    await settle(folder);
    return readJson(folder, where);
  });
  const { format, version } = (read ?? {}) as { readonly format?: unknown; readonly version?: unknown };
  if (format !== BUNDLE_FORMAT.name || !READ_VERSIONS.some((read) => read === version))
    throw new UserError({
      code: 'BUNDLE_VERSION',
      where,
      what: `The format is "${format}" version ${version}; this program reads "${BUNDLE_FORMAT.name}" versions ${READ_VERSIONS.join(', ')}.`,
      next: 'Export the run again with this version.',
    });
  const { hash, ...body } = read as Record<string, unknown>;
  if (hashJson(body) !== hash)
    throw damaged(where, 'The manifest is not as it was written: its hash does not match.');
  const parsed = manifestSchema.safeParse(read);
  if (parsed.success) return asWritten(parsed.data, read) as BundleManifest;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'manifest'}: ${message}`,
  );
  throw damaged(
    where,
    `The manifest is not what docs/serving.md says: ${faults.slice(0, SHOWN_FAULTS).join('; ')}.`,
  );
}

/** What was parsed, with its keys in the order in which they were read: written again, for shards or a refresh, it has the same bytes. */
function asWritten(parsed: unknown, read: unknown): unknown {
  if (parsed === null || typeof parsed !== 'object' || read === null || typeof read !== 'object')
    return parsed;
  if (Array.isArray(parsed)) return parsed.map((value, i) => asWritten(value, (read as unknown[])[i]));
  const [values, before] = [parsed, read] as readonly Readonly<Record<string, unknown>>[];
  const keys = [...new Set([...Object.keys(before!), ...Object.keys(values!)])].filter(
    (key) => key in values!,
  );
  return Object.fromEntries(keys.map((key) => [key, asWritten(values![key], before![key])]));
}

async function readJson(folder: string, where: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(where, 'utf8'));
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw damaged(where, `The manifest cannot be read: ${(error as Error).message}`);
    throw new UserError({
      code: 'BUNDLE_MISSING',
      where: folder,
      what: 'This is no serving bundle: it has no manifest.json.',
      next: 'Name the folder that limaml export wrote.',
    });
  }
}

/** Compares every file with its hash in the manifest. Throws UserError BUNDLE_DAMAGED naming the first that differs. */
export async function checkBundleFiles(folder: string, manifest: BundleManifest): Promise<void> {
  for (const [file, { sha256 }] of Object.entries(manifest.files)) {
    const found = await hashFile(join(folder, file)).catch(absent);
    if (found === sha256) continue;
    throw damaged(
      join(folder, file),
      found === undefined
        ? 'The file is missing.'
        : `The file is not what was exported: its SHA-256 is ${found.slice(0, 12)}…, not ${sha256.slice(0, 12)}….`,
    );
  }
}
