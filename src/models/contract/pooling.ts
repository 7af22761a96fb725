// How support rows are pooled into one vector.

/** How support rows are weighed: equally, the last one only, or halving every so many rows back. */
export const POOLINGS = ['mean', 'last', 'recency'] as const;
export type Pooling = (typeof POOLINGS)[number];

/** Rows back at which `recency` halves a row's weight. */
export const HALVING_ROWS = 10;
