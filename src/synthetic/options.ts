// What the synthetic log is made of: sizes, and how strong each planted effect is.
import { z } from 'zod';

const size = z.number().int().min(1);
const scale = z.number().min(0);

export const syntheticOptionsSchema = z.strictObject({
  members: size.default(4000),
  items: size.default(800),
  events: size.default(100_000),
  /** Length of the log. */
  days: z.number().positive().default(60),
  /** Dimensions of the hidden space in which tastes live. */
  tasteDimensions: size.max(12).default(3),
  /** Standard deviation, in logits, of what a member's own taste adds over random items. 0: nobody has a taste. */
  tasteScale: scale.default(1.5),
  /** Share of the taste's variance that member features explain. */
  tasteExplained: z.number().min(0).max(1).default(0.08),
  /** How far a taste turns, in radians a day; every member's direction is their own. */
  driftPerDay: scale.default(0.01),
  /** Standard deviation, in logits, of what features alone explain, the same for everybody. */
  globalScale: scale.default(1),
  /** Standard deviation, in logits, of an item's quality that no feature shows. */
  qualityScale: scale.default(0.3),
  /** Sigma of the log-normal activity of members: the long tail of histories. */
  activitySpread: scale.default(1),
  /** Median time a member stays. */
  stayDays: z.number().positive().default(35),
  /** Share of items that launch after the log began. */
  newItemShare: z.number().min(0).max(1).default(0.15),
  /** Logit of a click for the average member, item and place. */
  intercept: z.number().default(-0.7),
});

export type SyntheticOptions = z.output<typeof syntheticOptionsSchema>;
