// What a run was made with: program, packages, machine, data. Enough to tell two runs apart, or to make one again.
import { join } from 'node:path';
import { z } from 'zod';
import { readRunJson } from './json.js';

const fileSchema = z.object({ file: z.string(), sha256: z.string() });

const provenanceSchema = z.object({
  startedAt: z.string(),
  /** As typed, without node and script. */
  command: z.array(z.string()),
  limaml: z.object({
    version: z.string(),
    /** SHA-256 over the program's own files: equal code, equal digest, released or not. */
    code: z.string(),
  }),
  git: z.object({ commit: z.string(), dirty: z.boolean() }).nullable(),
  lockfile: fileSchema.nullable(),
  /** Installed versions of the direct dependencies. */
  dependencies: z.record(z.string(), z.string()),
  node: z.string(),
  platform: z.string(),
  cpu: z.object({ model: z.string(), count: z.number() }),
  memoryBytes: z.number(),
  engine: z.object({
    /** `onnxruntime`, `tfjs`, `tfjs-node`. */
    name: z.string(),
    version: z.string(),
    device: z.string(),
    workers: z.number(),
  }),
  dataset: z.object({ name: z.string(), hash: z.string() }),
  recipe: fileSchema,
  seed: z.number(),
});

export type Provenance = Readonly<z.output<typeof provenanceSchema>>;

const PROVENANCE = 'provenance.json';

/** Throws RUN_DAMAGED. */
export function readProvenance(runPath: string): Provenance {
  return readRunJson(join(runPath, PROVENANCE), provenanceSchema);
}
