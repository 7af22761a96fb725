// All features of one side: vocabularies and figures made, SQL ready.
import type { Database } from '../../database/database.js';
import type { ResolvedFeature } from '../descriptor/resolve.js';
import { encodeCategorical } from './categorical.js';
import type { EncodedFeature, EncodingSource } from './encoded-feature.js';
import { encodeMulti } from './multi.js';
import { encodeNumeric } from './numeric.js';

/** Encodes features in the descriptor's order. */
export async function encodeFeatures(
  database: Database,
  features: readonly ResolvedFeature[],
  source: EncodingSource,
): Promise<readonly EncodedFeature[]> {
  const encoded: EncodedFeature[] = [];
  for (const feature of features) encoded.push(await encodeFeature(database, feature, source));
  return encoded;
}

function encodeFeature(
  database: Database,
  feature: ResolvedFeature,
  source: EncodingSource,
): Promise<EncodedFeature> {
  switch (feature.kind) {
    case 'categorical':
      return encodeCategorical(database, feature, source);
    case 'time':
      return encodeCategorical(database, { ...feature, minCount: 1 }, source);
    case 'multi':
      return encodeMulti(database, feature, source);
    case 'numeric':
    case 'elapsed':
    case 'history':
      return encodeNumeric(database, feature, source);
  }
}
