// Every descriptor against a tiny invented log in its layout: prepared end to end, and counted by another program
// (test/fixtures/make/dataset_samples.py).
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../src/prep/prepare.js';
import { openPrepared } from '../../src/prepared/open.js';
import { SAMPLE_FEATURES } from './sample-features.js';
import { clicks, descriptorNames, load, ROOT } from './shipped.js';

const SAMPLES = join(ROOT, 'datasets/samples');

interface Expected {
  readonly rows: number;
  readonly entities: number;
  readonly items: number;
  readonly clicks: number;
}

const expected = JSON.parse(
  readFileSync(join(ROOT, 'test/fixtures/datasets/samples.json'), 'utf8'),
) as Record<string, Expected>;

/** The data set a sample folder belongs to: its own name, less the name of one of the layouts. */
const datasetOf = (sample: string): string =>
  descriptorNames.includes(sample) ? sample : sample.slice(0, sample.lastIndexOf('-'));

let out = '';
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'limaml-samples-'));
});
afterAll(() => rm(out, { recursive: true, force: true }));

describe('descriptors', () => {
  it('are the sixteen we ship, each with its licence and a place to get the data', async () => {
    expect(descriptorNames).toHaveLength(16);
    for (const name of descriptorNames) {
      const descriptor = await load(name);
      expect(descriptor.name).toBe(name);
      expect(descriptor.title).toBeTruthy();
      expect(descriptor.licence.length).toBeGreaterThan(8);
      expect(descriptor.source.url ?? descriptor.source.note).toBeTruthy();
      if (descriptor.generated === undefined) expect(descriptor.data).toBeTruthy();
    }
  });

  it('each have a sample, and so has each layout', async () => {
    const samples = readdirSync(SAMPLES);
    expect(samples).toHaveLength(19);
    expect(new Set(samples.map(datasetOf))).toEqual(new Set(descriptorNames));
    let layouts = 0;
    for (const name of descriptorNames) layouts += (await load(name)).layouts?.length ?? 1;
    expect(layouts).toBe(samples.length);
  });
});

describe('samples', () => {
  const samples = readdirSync(SAMPLES);

  it.each(samples)('%s is prepared end to end', async (sample) => {
    const { generated: _, ...descriptor } = await load(datasetOf(sample));
    const result = await prepare({
      descriptor,
      dataDirectory: join(SAMPLES, sample),
      outDirectory: join(out, sample),
      threads: 1,
    });
    const { rows, entities, items, clicks: clicked } = expected[sample] ?? counted(sample);
    if (descriptor.columns?.label.kind === 'implicit') {
      // Positives as counted; the sampled negatives come on top.
      expect(clicks(result)).toBe(clicked);
      expect(result.rows).toBeGreaterThan(2 * rows);
      expect(result.rows).toBeLessThanOrEqual(3 * rows);
    } else {
      expect(result.rows).toBe(rows);
      expect(clicks(result)).toBe(clicked);
    }
    expect([result.entities, result.items]).toEqual([entities, items]);
    const { train, valid, test } = result.splits;
    for (const split of [train, valid, test]) expect(split.rows).toBeGreaterThan(0);

    const opened = await openPrepared(result.path);
    expect(opened.manifest.features.map((feature) => feature.name).sort()).toEqual(
      [...SAMPLE_FEATURES[sample]!].sort(),
    );
    const shard = await opened.shard(0);
    expect(shard.rows).toBe(result.rows);
  });

  /** The generator wrote its own sample, one event a row and no surprises: counted from the file. */
  function counted(sample: string): Expected {
    const [header, ...lines] = readFileSync(join(SAMPLES, sample, 'events-0000.csv'), 'utf8')
      .trim()
      .split('\n');
    expect(header).toBe('entity,item,timestamp,label,truth,surface,position');
    const cells = lines.map((line) => line.split(','));
    return {
      rows: cells.length,
      entities: new Set(cells.map((row) => row[0])).size,
      items: new Set(cells.map((row) => row[1])).size,
      clicks: cells.filter((row) => row[3] === '1').length,
    };
  }
});
