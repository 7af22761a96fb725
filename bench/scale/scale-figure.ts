// Time an event and memory by length of the log, a panel each, as one SVG: a level line is linear time, or flat memory.
import { lineChart } from '../../src/report/charts/line-chart.js';
import { seriesStyle } from '../../src/report/html/series-style.js';
import { COLOURS } from '../../src/report/page/style-colours.js';
import { isUsual, type ScaleRow, STAGES } from './scale-row.js';

/** Width of a panel, and height of both, in CSS pixels. */
const [WIDTH, HEIGHT] = [384, 280];

export function scaleFigure(rows: readonly ScaleRow[]): string {
  const panel = (id: string, label: string, value: (row: ScaleRow) => number): string =>
    lineChart(
      {
        lines: STAGES.map((stage, series) => ({
          series,
          dots: 'all' as const,
          points: rows
            .filter((row) => row.stage === stage && isUsual(row.shape))
            .map((row) => ({ x: row.events / 1e6, y: value(row) })),
        })),
        x: {
          label: 'million events',
          scale: 'symlog',
          ticks: [...new Set(rows.map(({ events }) => events / 1e6))],
        },
        y: { label, domain: [0, 1.1 * Math.max(...rows.filter(({ shape }) => isUsual(shape)).map(value))] },
        height: HEIGHT,
      },
      { id, title: label, description: `${label} of ${STAGES.join(', ')} by millions of events` },
    ).markup;
  const panels = [
    panel('time', 'CPU µs an event', ({ events, run }) => (1e6 * run.cpuSeconds) / events),
    panel('memory', 'peak memory, MB', ({ run }) => run.peakMb),
  ].map((svg, i) => svg.replace('<svg ', `<svg x="${i * WIDTH}" y="0" `));
  const names = STAGES.map(
    (stage, i) =>
      `<text x="${60 + 90 * i}" y="${HEIGHT + 20}" fill="${seriesStyle(i).colour}">${stage}</text>`,
  ).join('');
  const size = `viewBox="0 0 ${2 * WIDTH} ${HEIGHT + 30}" width="${2 * WIDTH}" height="${HEIGHT + 30}"`;
  const style = `<style>${COLOURS} svg{color:var(--ink);background:var(--page);font-family:system-ui,sans-serif;font-size:12px}</style>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${style}${panels.join('')}${names}</svg>\n`;
}
