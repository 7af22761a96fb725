// How closely a bundle's files agree with what they are held to, and the members that a kink of the model parts from it.
import type { ExportRunResult } from '../../workflows/export.js';
import { count } from '../terminal/number.js';

type Verified = NonNullable<ExportRunResult['verified']>;

/** The sentence about test rows and stored vectors, compared with the trained model. */
export function verifiedText({ rows, maxAbsError, vectors, maxVectorError, kinks }: Verified): string {
  const scores = offBy(`${count(rows)} test rows through the files alone`, maxAbsError);
  const whole =
    vectors === 0 ? scores : `${scores}; ${count(vectors)} vectors, by ${maxVectorError.toExponential(1)}`;
  return withKinks(whole, kinks);
}

/** The same of stored vectors that were made again from the bundle's own support rows. */
export function remadeText({
  vectors,
  maxVectorError,
  kinks,
}: Pick<Verified, 'vectors' | 'maxVectorError' | 'kinks'>): string {
  return withKinks(offBy(`${count(vectors)} made again of their support rows`, maxVectorError), kinks);
}

function offBy(what: string, largest: number): string {
  return `${what}, off by ${largest.toExponential(1)} at most`;
}

function withKinks(told: string, kinks: Verified['kinks']): string {
  if (kinks === null) return told;
  const { entities, furthest } = kinks;
  const who = entities === 1 ? '1 member' : `${count(entities)} members`;
  return `${told}; ${who} on a kink of the model, "${furthest}"${entities === 1 ? '' : ' furthest'}`;
}
