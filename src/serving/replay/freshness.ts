// How fresh vectors and counters are when an event is scored.

/** How often a bundle is refreshed: not at all, every hour or day, or with every event. */
export type Freshness = 'none' | '1h' | '1d' | 'event';

const EVERY_MS = { '1h': 3_600_000, '1d': 86_400_000 } as const;

/**
 * New events strictly before this instant are known when an event of `timestampMs` is scored. Refreshes come at whole hours and days since
 * 1970, in UTC, and take no time.
 */
export function knownBefore(freshness: Freshness, timestampMs: number): number {
  if (freshness === 'none') return Number.NEGATIVE_INFINITY;
  if (freshness === 'event') return timestampMs;
  return Math.floor(timestampMs / EVERY_MS[freshness]) * EVERY_MS[freshness];
}
