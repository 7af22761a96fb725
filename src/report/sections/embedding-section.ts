// The map of meta embeddings: where the adapted vectors of entities lie, from short histories to long ones.
import type { EmbeddingMap } from '../../evaluation/adaptation/adaptation-result.js';
import { responsive } from '../charts/chart-size.js';
import { mapChart } from '../charts/map-chart.js';
import { figure } from '../html/figure.js';
import { count, decimal, percent } from '../text/numbers.js';
import { segmentName } from '../text/segment-names.js';
import { absent, type Section } from './section.js';

export function embeddingSection(map: EmbeddingMap): Section {
  const { segments, segment, movement, explained, entities, sampledFrom, size } = map;
  const id = 'embeddings';
  const title = 'Map of meta embeddings';
  if (explained === null)
    return { id, title, body: absent('All meta embeddings are the same: there is nothing to map.') };
  const classes = segments.flatMap((name, step) => {
    const drawn = segment.filter((one) => one === step).length;
    if (drawn === 0) return [];
    const moved = movement[step];
    return [
      {
        step,
        label: segmentName('historyLength', name),
        note: `${count(drawn)} drawn${moved == null ? '' : `, moved by ${decimal(moved, 2)}`}`,
      },
    ];
  });
  const points = segment.map((step, i) => ({ step, x: map.x[i] ?? 0, y: map.y[i] ?? 0 }));
  const sample =
    sampledFrom === null
      ? `${count(entities)} entities`
      : `${count(entities)} of ${count(sampledFrom)} entities, drawn at random by the seed`;
  const share = percent(explained[0] + explained[1], 0);
  const body = figure({
    id: 'figure-embeddings',
    title: 'Entities by the two directions in which their vectors differ most',
    drawing: responsive((width, text) => mapChart(points, classes, segments.length, width, text), {
      id,
      title,
      description: `Meta embeddings of ${sample} projected from ${size} dimensions onto two, in a panel for each history length: ${classes.map(({ label, note }) => `${label}: ${note}`).join('; ')}.`,
    }),
    caption: `The vectors that scored the test rows, of ${sample}, projected from ${size} numbers onto their two principal axes (${percent(explained[0], 0)} and ${percent(explained[1], 0)}, together ${share} of the variance). Every panel has the same axes; the grey ground is all entities. “Moved by” is how far adaptation carried the vectors from the prior, in all ${size} dimensions, where 1 is the spread of all vectors: without a history it is 0, and it should grow with the history.`,
  });
  return { id, title, body };
}
