// One run as the report needs it: all that its folder says, its map of meta embeddings, and what its features are worth.
import type { EmbeddingMap } from '../../evaluation/adaptation/adaptation-result.js';
import type { Importance } from '../../evaluation/importance/importance-result.js';
import { describeRun, type RunDescription } from '../../runs/describe.js';
import { readEmbeddingMap } from '../../runs/evaluation.js';
import { readImportance } from '../../runs/importance.js';
import type { RunPlace } from '../../runs/places.js';

export interface ReportRun extends RunDescription {
  readonly map: EmbeddingMap | null;
  /** Null where it was not measured. */
  readonly importance: Importance | null;
}

/** `measured`: with what its features are worth, where that was measured. */
export function readRun(place: RunPlace, measured: boolean): ReportRun {
  const run = describeRun(place);
  const importance = measured && run.state === 'finished' ? readImportance(place) : null;
  return { ...run, map: readEmbeddingMap(place), importance };
}
