// Every row's split drawn at random, whatever its time: how some published tables without times were made.
import { z } from 'zod';
import { SPLIT } from '../../prepared/format.js';
import { defineSplit } from './split-kind.js';

/**
 * A row is test with the chance `test`, validation with the chance `valid`, told by an MD5 of `lot`, its place in the log and its
 * item. A sampled negative is drawn apart from its positive.
 */
export const randomRows = defineSplit({
  name: 'random',
  fields: { lot: z.number().int().min(0).default(1) },
  overlaps: true,
  plan: async (_database, { lot, test, valid }) => {
    const chance = `md5_number_lower('random:${lot}:' || ord || ':' || item) / 18446744073709551616.0`;
    return {
      code: `CASE WHEN ${chance} < ${test} THEN ${SPLIT.test} WHEN ${chance} < ${test + valid} THEN ${SPLIT.valid} ELSE ${SPLIT.train} END`,
      perEntity: false,
      notes: {},
    };
  },
});
