// Numbers that no 32-bit float holds any more once they are standardised by the figures of training.
import { double } from '../../database/sql.js';
import { standardised } from '../../prepared/encode-number.js';
import type { NumericTransform } from '../../prepared/manifest.js';
import { LARGEST_NUMBER, LARGEST_REASON } from './numbers.js';
import type { Fault } from './plan.js';

/** What makes a raw number of a column wrong for a model; nothing without a transform. */
export function farFaults(
  column: string,
  value: string,
  transform: NumericTransform | undefined,
): readonly Fault[] {
  if (transform === undefined) return [];
  const given = `abs(${standardised(`CAST(${value} AS DOUBLE)`, transform)})`;
  const when = `coalesce(${given} > ${double(LARGEST_NUMBER)}, false)`;
  return [{ column, when, reason: `${LARGEST_REASON} once it is standardised` }];
}
