// `limaml merge`: what the shards of an export or a refresh wrote, put together into the bundle that one process would have written.
import { copyFile, cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolderAtomic } from '../atomic-files.js';
import { BUNDLE_FILES } from '../bundle/format/files.js';
import { checkBundleFiles, readManifest, readPart, writeManifest } from '../bundle/format/manifest.js';
import type { BundleManifest } from '../bundle/format/manifest-schema.js';
import { type Shard, shardText } from '../bundle/format/shard.js';
import { layoutOf } from '../bundle/open.js';
import { asOnlyWriter, requireBundlePlace } from '../bundle/place.js';
import { bundleReadme } from '../bundle/readme.js';
import { joinParts } from '../bundle/store/joined-parts.js';
import { UserError } from '../errors.js';
import { hashJson } from '../hash.js';
import type { Progress } from '../progress.js';

interface MergeRequest {
  /** Folders that the shards wrote. */
  readonly parts: readonly string[];
  /** The bundle that was refreshed; undefined for the shards of an export. */
  readonly older?: string | undefined;
  readonly outDirectory: string;
  readonly progress: Progress;
}

export interface Merged {
  readonly bundle: string;
  readonly hash: string;
  readonly parts: number;
  readonly entities: number;
}

interface Part {
  readonly folder: string;
  readonly manifest: BundleManifest & { readonly shard: Shard };
}

const TABLES: readonly string[] = [BUNDLE_FILES.embeddings, BUNDLE_FILES.support, BUNDLE_FILES.readme];

/** Writes the bundle whole or not at all. Throws UserError MERGE_MIXED, MERGE_MISSING, OUT_NOT_BUNDLE, BUSY and what `readManifest` throws. */
export function mergeParts(request: MergeRequest): Promise<Merged> {
  return asOnlyWriter(request.outDirectory, () => merge(request));
}

async function merge({ parts: folders, older, outDirectory, progress }: MergeRequest): Promise<Merged> {
  await requireBundlePlace(outDirectory);
  progress({ kind: 'stage', name: 'merge', detail: `${folders.length} shards` });
  const parts: Part[] = [];
  for (const folder of folders) {
    const manifest = await readPart(folder);
    await checkBundleFiles(folder, manifest);
    parts.push({ folder, manifest });
  }
  const first = requireWhole(parts);
  const from = await requireOlder(first, older);
  const {
    format: _format,
    version: _version,
    hash: _hash,
    files,
    shard: _shard,
    ...content
  } = first.manifest;
  let made: BundleManifest = first.manifest;
  await writeFolderAtomic(outDirectory, async (fresh) => {
    if (from !== undefined && parts.every(({ manifest }) => manifest.data.entities === 0)) {
      await cp(older!, fresh, { recursive: true });
      made = from;
      return;
    }
    const figures = await joinParts(
      fresh,
      layoutOf(content),
      parts.map(({ folder }) => folder),
      older,
    );
    for (const file of Object.keys(files))
      if (!TABLES.includes(file)) await copyFile(join(first.folder, file), join(fresh, file));
    for (const file of [BUNDLE_FILES.entities, BUNDLE_FILES.items])
      if (from?.files[file] !== undefined) await copyFile(join(older!, file), join(fresh, file));
    const { through } = content.data;
    // In the order in which export and refresh write them.
    const data = from === undefined ? { through, ...figures } : { ...content.data, ...figures };
    const whole = { ...content, data };
    await writeFile(join(fresh, BUNDLE_FILES.readme), bundleReadme(whole));
    made = await writeManifest(fresh, whole);
  });
  return { bundle: outDirectory, hash: made.hash, parts: parts.length, entities: made.data.entities };
}

/** Every shard once, of the same work. */
function requireWhole(parts: readonly Part[]): Part {
  const [first] = parts;
  if (first === undefined)
    throw missing('No folder of a shard is named.', 'Name them all: --part part0 --part part1 …');
  const { of } = first.manifest.shard;
  for (const part of parts.slice(1))
    if (part.manifest.shard.of !== of || workOf(part) !== workOf(first))
      throw mixed(part.folder, `It is ${shardText(part.manifest.shard)} of other work than ${first.folder}.`);
  const folders = new Map<number, string>();
  for (const { folder, manifest } of parts) {
    const known = folders.get(manifest.shard.index);
    if (known !== undefined) throw mixed(folder, `It is ${shardText(manifest.shard)}, and so is ${known}.`);
    folders.set(manifest.shard.index, folder);
  }
  const absent = Array.from({ length: of }, (_, index) => index).filter((index) => !folders.has(index));
  if (absent.length > 0)
    throw missing(
      `There is no ${absent.map((index) => shardText({ index, of })).join(', ')}.`,
      'Run what is missing with the same input, then merge again.',
    );
  return first;
}

/** What shards of the same work have in common: everything but their own rows. */
function workOf({ manifest }: Part): string {
  const { hash: _hash, shard: _shard, data: _data, files, ...rest } = manifest;
  const common = Object.entries(files).filter(([file]) => !TABLES.includes(file));
  return hashJson({ ...rest, files: Object.fromEntries(common) });
}

/** The manifest of the bundle that was refreshed, undefined for shards of an export. */
async function requireOlder(
  { folder, manifest }: Part,
  older: string | undefined,
): Promise<BundleManifest | undefined> {
  const { bundle } = manifest.parents;
  if (bundle === null && older === undefined) return undefined;
  if (bundle === null)
    throw mixed(folder, 'It is of an export, which begins with no bundle: leave out --bundle.');
  if (older === undefined)
    throw missing(
      `The shards refreshed bundle ${bundle.slice(0, 12)}, whose other vectors stay as they are.`,
      'Name that bundle with --bundle.',
    );
  const from = await readManifest(older);
  if (from.hash !== bundle)
    throw mixed(
      folder,
      `It refreshed bundle ${bundle.slice(0, 12)}, and ${older} is ${from.hash.slice(0, 12)}.`,
    );
  await checkBundleFiles(older, from);
  return from;
}

const mixed = (where: string, what: string): UserError =>
  new UserError({
    code: 'MERGE_MIXED',
    where,
    what,
    next: 'Name the folders of one export or one refresh, each once. Nothing was written.',
  });

const missing = (what: string, next: string): UserError =>
  new UserError({ code: 'MERGE_MISSING', what, next });
