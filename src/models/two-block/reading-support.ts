// What a model says of itself that reads the support rows beside every row it scores, whatever it makes of them.
import type { z } from 'zod';
import type { OptimizerOptions } from '../contract/options.js';
import type { twoBlockOptions } from './options.js';

interface ReadingOptions {
  readonly embedding: z.output<typeof twoBlockOptions.embedding>;
  readonly episodes: z.output<typeof twoBlockOptions.episodes>;
  readonly optimizer: OptimizerOptions;
}

/** It learns by episodes, and no vector of it is kept: nothing is adapted ahead of the rows. */
export function readingSupport({ embedding, episodes, optimizer }: ReadingOptions) {
  const { maxSupport, ...sampling } = episodes;
  return {
    taskGroups: [],
    optimizers: { default: optimizer },
    learns: { by: 'episodes', ...sampling },
    adapts: [],
    reads: { maxSupport },
    unknownShare: embedding.unknownShare,
  } as const;
}
