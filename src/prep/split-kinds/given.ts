// The split that a publisher gave: by files, or by a column of the log.
import { z } from 'zod';
import { defineSplit } from './split-kind.js';

const words = z.array(z.union([z.string(), z.number().transform(String)])).nonempty();

/** `events.files` by split, or the words of a column, say which row is what. */
export const given = defineSplit({
  name: 'given',
  fields: {
    column: z.string().min(1).optional(),
    values: z
      .strictObject({
        train: words.default(['train']),
        valid: words.default(['valid']),
        test: words.default(['test']),
      })
      .prefault({}),
    /** What a published split whose parts overlap in time does: stop the run, or only warn. Other kinds always stop. */
    overlap: z.enum(['stop', 'warn']).default('stop'),
  },
  stated: ({ column, values, overlap }) => ({ column, values, overlap }),
  plan: async () => ({ code: 'given', perEntity: false, notes: {} }),
});
