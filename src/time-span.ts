// Lengths of time as people write them: 90s, 30m, 6h, 1d, 2w.

const UNITS_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A number and its unit. */
export const TIME_SPAN = /^\d+(?:\.\d+)?[smhdw]$/;

/** Milliseconds of a text that `TIME_SPAN` matches. */
export function spanMs(text: string): number {
  return Number(text.slice(0, -1)) * UNITS_MS[text.slice(-1) as keyof typeof UNITS_MS];
}
