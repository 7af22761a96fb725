// The lines at the end of a terminal that are drawn again and again; all others stay.
import type { OutputStream } from './host.js';

const CLEAR_LINE = '\r\x1b[2K';
/** From the beginning of the line so many lines above to the end of the screen. */
const clearFrom = (above: number): string => (above === 0 ? CLEAR_LINE : `\r\x1b[${above}A\x1b[J`);

interface LiveArea {
  /** Draws lines in place of those before, unless that was less than `everyMs` ago. */
  readonly draw: (lines: readonly string[], everyMs: number, nowMs: number) => void;
  readonly clear: () => void;
}

export function liveArea(stream: OutputStream): LiveArea {
  let drawn = 0;
  let drawnMs = 0;
  const clearing = (): string => (drawn === 0 ? '' : clearFrom(drawn - 1));
  return {
    draw: (lines, everyMs, nowMs) => {
      if (drawn > 0 && nowMs - drawnMs < everyMs) return;
      stream.write(`${drawn === 0 ? CLEAR_LINE : clearing()}${lines.join('\n')}`);
      drawn = lines.length;
      drawnMs = nowMs;
    },
    clear: () => {
      if (drawn > 0) stream.write(clearing());
      drawn = 0;
    },
  };
}
