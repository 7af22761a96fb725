// What the writer of an unsealed folder says of it: `draft.json`, or the manifest of a folder that was sealed before.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.js';
import { MANIFEST_FILE, PREPARED_FORMAT } from '../format.js';
import { type FeatureSpec, featureSchema } from '../manifest.js';
import { nameFaults } from '../manifest-faults.js';

const DRAFT_FILE = 'draft.json';
const SHOWN_FAULTS = 5;

const counts = z.record(z.string(), z.number()).readonly();
const parts = {
  dataset: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots, underscores and hyphens expected'),
  features: z.array(z.record(z.string(), z.unknown())).readonly(),
  descriptor: z.unknown().optional(),
  sources: z
    .array(z.object({ file: z.string(), bytes: z.int().min(0), sha256: z.string() }).readonly())
    .readonly()
    .default([]),
  dropped: counts.default({}),
  notes: counts.default({}),
};

export interface Draft {
  readonly dataset: string;
  /** `size` of a vocabulary is 0 where the draft does not say it. */
  readonly features: readonly FeatureSpec[];
  readonly descriptor: unknown;
  readonly sources: readonly { readonly file: string; readonly bytes: number; readonly sha256: string }[];
  readonly dropped: Readonly<Record<string, number>>;
  readonly notes: Readonly<Record<string, number>>;
}

/** Reads `draft.json`, else `manifest.json`. Throws `UserError` SEAL_DRAFT where there is neither, or what it says is not to be understood. */
export async function readDraft(folder: string): Promise<Draft> {
  const found = (await textOf(join(folder, DRAFT_FILE))) ?? (await textOf(join(folder, MANIFEST_FILE)));
  if (found === undefined) throw faulty(folder, [`There is neither ${DRAFT_FILE} nor ${MANIFEST_FILE}`]);
  const { path, text } = found;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw faulty(path, [`It is no JSON: ${(error as Error).message}`]);
  }
  const sealed = path.endsWith(MANIFEST_FILE);
  if (sealed && (content as { version?: unknown } | null)?.version !== PREPARED_FORMAT.version)
    throw faulty(path, [
      `It is not of version ${PREPARED_FORMAT.version}, which alone holds numbers as the log has them`,
    ]);
  const checked = (sealed ? z.object(parts) : z.strictObject(parts)).safeParse(content);
  if (!checked.success) throw faulty(path, checked.error.issues.map(inWords));
  const { features: said, descriptor = {}, ...rest } = checked.data;
  const faults: string[] = [];
  const features = said.flatMap((feature, place) => {
    const spec = featureSchema.safeParse(withDefaults(feature));
    if (spec.success)
      return [feature['size'] === undefined && 'size' in spec.data ? unsized(spec.data) : spec.data];
    faults.push(...spec.error.issues.map((issue) => `features.${place}.${inWords(issue)}`));
    return [];
  });
  faults.push(...nameFaults(features));
  if (faults.length > 0) throw faulty(path, faults);
  return { ...rest, features, descriptor };
}

async function textOf(path: string): Promise<{ readonly path: string; readonly text: string } | undefined> {
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Keys that need not be said: sizes follow from vocabularies and edges. */
function withDefaults(feature: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { kind, edges } = feature;
  if (kind === 'multi') return { size: 1, separator: '|', ...feature };
  if (kind === 'categorical') return { size: Array.isArray(edges) ? edges.length + 2 : 1, ...feature };
  return feature;
}

/** A size to be counted. */
const unsized = (spec: FeatureSpec): FeatureSpec =>
  'edges' in spec && spec.edges !== undefined ? spec : ({ ...spec, size: 0 } as FeatureSpec);

const inWords = ({ path, message }: z.core.$ZodIssue): string => `${path.join('.') || 'draft'}: ${message}`;

function faulty(where: string, faults: readonly string[]): UserError {
  const more = faults.length > SHOWN_FAULTS ? `; and ${faults.length - SHOWN_FAULTS} more` : '';
  return new UserError({
    code: 'SEAL_DRAFT',
    where,
    what: `${faults.slice(0, SHOWN_FAULTS).join('; ')}${more}.`,
    next: 'Say what the folder holds in draft.json: docs/prepared-format.md, "Sealing".',
  });
}
