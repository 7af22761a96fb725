// `import … from 'limaml/serving'`: a bundle opened, rows scored through it, new events adapted into it.
export type { BundleManifest } from '../bundle/format/manifest-schema.js';
export { type Bundle, openBundle } from '../bundle/open.js';
export { type Refreshed, type RefreshRequest, refreshBundle } from '../serving/refresh-bundle.js';
export { type ScoredCount, type ScoreRowsRequest, scoreRows } from '../serving/score-rows.js';
