// The library that draws curves in a terminal: loaded when it is asked for, and not needed by anything else.
import { UserError } from '../../errors.js';

/** What is used of simple-ascii-chart. */
export type DrawCurve = (
  points: [x: number, y: number][],
  settings: {
    readonly width: number;
    readonly height: number;
    readonly customXAxisTicks: number[];
    readonly customYAxisTicks: number[];
    readonly formatter: (value: number, of: { readonly axis: string }) => number | string;
    readonly color?: string;
  },
) => string;

/** Throws PLOT_MISSING where the optional package is not installed. */
export async function loadCurves(name = 'simple-ascii-chart'): Promise<DrawCurve> {
  try {
    // Not a literal: the package need not be there when this is compiled.
    return ((await import(name)) as { readonly default: DrawCurve }).default;
  } catch (cause) {
    const what = `"${name}", which draws the curves, cannot be loaded (${(cause as NodeJS.ErrnoException).code ?? (cause as Error).message}).`;
    const next = `Get it with: npm install ${name}; or leave --plot out.`;
    throw new UserError({ code: 'PLOT_MISSING', where: '--plot', what, next }, { cause });
  }
}
