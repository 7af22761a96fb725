// Minutes of a cluster from the processor time of one member: small numbers by hand.
import { expect, it } from 'vitest';
import { minuteRows, minutes } from '../../bench/spark/minutes.js';

it('a million members at a millisecond take ten cores at work 100 seconds', () => {
  const cluster = { coresAMachine: 20, efficiency: 0.5 };
  expect(minutes(1e6, 1, 1e-3, cluster)).toBeCloseTo(100 / 60, 12);
  expect(minutes(1e6, 4, 1e-3, cluster)).toBeCloseTo(25 / 60, 12);
});

it('a table has members by machines', () => {
  // 16 cores at 60 %: 9.6 core seconds a second.
  expect(minuteRows(9.6e-3)).toEqual([
    ['1 M', '17', '4.2', '1.0', '< 1'],
    ['10 M', '167', '42', '10', '2.6'],
    ['100 M', '1667', '417', '104', '26'],
    ['1 B', '16667', '4167', '1042', '260'],
  ]);
});
