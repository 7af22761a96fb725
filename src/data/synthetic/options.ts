// What the synthetic log is made of: sizes, and how strong each planted effect is.

export interface SyntheticOptions {
  readonly members: number;
  readonly items: number;
  readonly events: number;
  /** Length of the log. */
  readonly days: number;
  /** Dimensions of the hidden space in which tastes live. */
  readonly tasteDimensions: number;
  /** Standard deviation, in logits, of what a member's own taste adds over random items. 0: nobody has a taste. */
  readonly tasteScale: number;
  /** Share of the taste's variance that member features explain. */
  readonly tasteExplained: number;
  /** How far a taste turns, in radians a day; every member's direction is their own. */
  readonly driftPerDay: number;
  /** Standard deviation, in logits, of what features alone explain, the same for everybody. */
  readonly globalScale: number;
  /** Standard deviation, in logits, of an item's quality that no feature shows. */
  readonly qualityScale: number;
  /** Sigma of the log-normal activity of members: the long tail of histories. */
  readonly activitySpread: number;
  /** Median time a member stays. */
  readonly stayDays: number;
  /** Share of items that launch after the log began. */
  readonly newItemShare: number;
  /** Logit of a click for the average member, item and place. */
  readonly intercept: number;
}

/** The log of the quickstart: trains in a minute, large enough for intervals that mean something. */
export const SYNTHETIC_DEFAULTS: SyntheticOptions = {
  members: 4000,
  items: 800,
  events: 100_000,
  days: 60,
  tasteDimensions: 4,
  tasteScale: 1.5,
  tasteExplained: 0.08,
  driftPerDay: 0.01,
  globalScale: 0.8,
  qualityScale: 0.3,
  activitySpread: 1.1,
  stayDays: 30,
  newItemShare: 0.15,
  intercept: -0.7,
};

/** Sizes by name; everything else as in the defaults. `large` is the prep benchmark's, written in bounded memory. */
export const SYNTHETIC_PRESETS = {
  quickstart: SYNTHETIC_DEFAULTS,
  large: { ...SYNTHETIC_DEFAULTS, members: 1_000_000, items: 50_000, events: 100_000_000 },
} as const satisfies Record<string, SyntheticOptions>;
