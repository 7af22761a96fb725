// One run as the report needs it: all that its folder says, and its map of meta embeddings.
import type { EmbeddingMap } from '../../evaluation/adaptation/adaptation-result.js';
import { describeRun, type RunDescription } from '../../runs/describe.js';
import { readEmbeddingMap } from '../../runs/evaluation.js';
import type { RunPlace } from '../../runs/places.js';

export interface ReportRun extends RunDescription {
  readonly map: EmbeddingMap | null;
}

export function readRun(place: RunPlace): ReportRun {
  return { ...describeRun(place), map: readEmbeddingMap(place) };
}
