// How series are told apart: by colour, by the shape of their marks and by the dashes of their lines, never by colour alone.

export interface SeriesStyle {
  /** A custom property of the page's style sheet, so that both themes are served. */
  readonly colour: string;
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'wye';
  /** `stroke-dasharray`; undefined for a solid line. */
  readonly dash: string | undefined;
}

const STYLES: readonly SeriesStyle[] = [
  { colour: 'var(--s0)', symbol: 'circle', dash: undefined },
  { colour: 'var(--s1)', symbol: 'square', dash: '7 3' },
  { colour: 'var(--s2)', symbol: 'triangle', dash: '2 3' },
  { colour: 'var(--s3)', symbol: 'diamond', dash: '9 3 2 3' },
  { colour: 'var(--s4)', symbol: 'star', dash: '4 2' },
  { colour: 'var(--s5)', symbol: 'wye', dash: '1 2' },
];

/** Style of the i-th series; the evaluated model is always the first. */
export function seriesStyle(place: number): SeriesStyle {
  return STYLES[place % STYLES.length]!;
}

/** Colours of an ordered scale with `steps` values, from few to much, in both themes. */
export function rampColour(step: number, steps: number): string {
  return `var(--r${steps <= 1 ? 3 : Math.round((step * 5) / (steps - 1))})`;
}
