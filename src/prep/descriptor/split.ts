// How the log is cut into training, validation and test rows.
import { z } from 'zod';

const fraction = z.number().gt(0).lt(1);
const scalarText = z.union([z.string(), z.number().transform(String)]);
/** ISO date or time, or milliseconds since 1970. */
const instant = z.union([
  z.number().int(),
  z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), { message: 'not an ISO date or time' })
    .transform((text) =>
      Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) || !text.includes('T') ? text : `${text}Z`),
    ),
]);

/**
 * One flat object, so that `--set split.kind=…` alone is a valid override; fields of other kinds are ignored.
 * - `global-time`: rows at or after `testFrom` are test, at or after `validFrom` validation; or the last fractions of the rows.
 * - `per-entity-time`: the last `test` of each history is test, the last `valid` of what remains is validation.
 * - `entity-holdout`: a seeded `test` (and `valid`) fraction of the entities is never trained on; the first `support` of
 *   their histories may be adapted on, the rest is test (validation).
 * - `given`: the files (`events.files` by split) or a column say.
 */
export const splitSchema = z
  .strictObject({
    kind: z.enum(['global-time', 'per-entity-time', 'entity-holdout', 'given']).default('global-time'),
    test: fraction.default(0.2),
    valid: fraction.default(0.1),
    validFrom: instant.optional(),
    testFrom: instant.optional(),
    /** Rows so close before a cut are dropped: outcomes that were not known yet when the model was made. */
    purgeMinutes: z.number().min(0).default(0),
    /** Part of a held-out entity's history that may be adapted on. */
    support: fraction.default(0.5),
    seed: z.number().int().min(0).default(1),
    column: z.string().min(1).optional(),
    values: z
      .strictObject({
        train: z.array(scalarText).nonempty().default(['train']),
        valid: z.array(scalarText).nonempty().default(['valid']),
        test: z.array(scalarText).nonempty().default(['test']),
      })
      .prefault({}),
    /** What a published cut whose parts overlap in time does: stop the run, or only warn. Other kinds always stop. */
    overlap: z.enum(['stop', 'warn']).default('stop'),
  })
  .refine((split) => (split.validFrom === undefined) === (split.testFrom === undefined), {
    message: 'validFrom and testFrom need each other',
  })
  .refine((split) => split.validFrom === undefined || split.validFrom < (split.testFrom ?? 0), {
    message: 'validFrom must be before testFrom',
  })
  .refine((split) => split.test + split.valid < 1, { message: 'test + valid leave no training rows' });

export type SplitDescriptor = z.output<typeof splitSchema>;
