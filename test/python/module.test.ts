// limaml_bundle.py beside what was recorded of the committed bundle, and beside `limaml score` and the prep of this program.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/hash.js';
import { mergeSupport } from '../../src/serving/merge-support.js';
import { BUNDLE, pythonRecord } from '../bundle/committed-bundle.js';
import { runMain } from '../cli/in-process.js';
import { type BundleTables, bundleTables, csvColumns } from './bundle-tables.js';
import { askPython, python, SKIPPED } from './python.js';

if (python === undefined) console.warn(SKIPPED);

describe.skipIf(python === undefined)('limaml_bundle.py', () => {
  const record = pythonRecord();
  let kept: BundleTables;
  beforeAll(async () => {
    kept = await bundleTables(BUNDLE);
  });

  const close = (found: unknown, expected: readonly number[]): void => {
    const numbers = found as number[];
    expect(numbers).toHaveLength(expected.length);
    expect(Math.max(...expected.map((value, i) => Math.abs(value - numbers[i]!)))).toBeLessThan(1e-6);
  };

  it('adapts the stored support rows to the recorded vectors', async () => {
    const { support, tables } = kept;
    const [found] = await askPython([{ op: 'adapt', bundle: BUNDLE, columns: support, tables }]);
    const entities = found!['entity'] as string[];
    expect(entities).toHaveLength(36);
    entities.forEach((entity, i) => {
      close((found!['vector'] as number[][])[i], record.vectors[entity]!);
    });
    expect((found!['support'] as number[]).reduce((a, b) => a + b)).toBe(276);
  });

  it('scores rows as recorded, those without a vector by the prior, whatever the batch', async () => {
    const parsed = await runMain(['score', '--bundle', BUNDLE, '--json'], { stdin: record.csv });
    const lines = parsed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    const { probability: _, ...names } = lines[0]!;
    const columns = Object.fromEntries(
      Object.keys(names).map((name) => [name, lines.map((line) => line[name])]),
    );
    const { vectors } = kept;
    const [whole, some] = await askPython(
      [4096, 7].map((batch) => ({ op: 'score', bundle: BUNDLE, columns, vectors, batch })),
    );
    close(whole!['probability'], record.probability);
    close(some!['probability'], record.probability);
    expect(whole!['priors']).toBe(2);
  });

  it('takes what rows lack from the tables, and the names of the log, as score --lookup does', async () => {
    const csv = 'member,film,price\nm1,f3,2.5\nm2,f4,?\nnobody,f5,\nm3,unheard,1e3\n m4 , f6 , 7 \n';
    const scored = await runMain(['score', '--bundle', BUNDLE, '--lookup', '--json'], { stdin: csv });
    const expected = scored.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { probability: number }).probability);
    const { tables, vectors } = kept;
    const [found] = await askPython([
      { op: 'score', bundle: BUNDLE, columns: csvColumns(csv), vectors, tables },
    ]);
    close(found!['probability'], expected);
    expect(new Set(expected).size).toBe(5);
  });

  it('refuses what cannot be served, by name', async () => {
    const { tables, vectors, support } = kept;
    const row = { entity: ['m1'], item: ['f3'], price: ['1'] };
    const score = { op: 'score', bundle: BUNDLE, columns: row, vectors, tables };
    const adapt = { op: 'adapt', bundle: BUNDLE, columns: support, tables };
    const answers = await askPython([
      { ...score, columns: { ...row, price: ['cheap'] } },
      { ...score, columns: { ...row, price: ['1e400'] } },
      { ...score, columns: { ...row, item: [3.5] } },
      { ...score, columns: { ...row, item: ['a\0b'] } },
      { ...score, columns: { entity: ['m1'], item: ['f3'] } },
      { ...score, tables: {} },
      { ...score, vectors: { m1: [1, 2, 3, null] } },
      {
        ...adapt,
        columns: { ...support, entity: [...support['entity']!].reverse().map((e, i) => (i % 2 ? e : 'm1')) },
      },
      {
        ...adapt,
        columns: { ...support, timestamp_ms: support['timestamp_ms']!.map((ms) => -(ms as number)) },
      },
      {
        ...adapt,
        columns: {
          ...support,
          entity: support['entity']!.map(() => 'm1'),
          timestamp_ms: support['entity']!.map(() => 1),
        },
      },
      { ...adapt, columns: { ...support, label: support['label']!.map(() => 'x') } },
      { ...adapt, tables: {} },
    ]);
    expect(answers.map(({ code }) => code)).toEqual([
      ...Array.from({ length: 4 }, () => 'ROWS_BAD_VALUE'),
      'SCORE_COLUMN_MISSING',
      'SCORE_COLUMN_MISSING',
      'VECTOR_NOT_FINITE',
      'SUPPORT_ORDER',
      'SUPPORT_ORDER',
      'SUPPORT_LONG',
      'ROWS_BAD_VALUE',
      'COLUMN_MISSING',
    ]);
    expect(answers[0]).toMatchObject({ where: 'row 0 › price', what: "'cheap' is not a number." });
  });

  describe('of a folder that is not as it was written', () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'limaml-python-'));
      cpSync(BUNDLE, folder, { recursive: true });
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('says what is wrong', async () => {
      const codes: unknown[] = [];
      const ask = async (): Promise<void> => {
        const [answer] = await askPython([
          { op: 'adapt', bundle: folder, columns: kept.support, tables: kept.tables },
        ]);
        codes.push(answer!['code']);
      };
      const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8');
      const change = async (file: string, content: string | Buffer): Promise<void> => {
        const before = readFileSync(join(folder, file));
        writeFileSync(join(folder, file), content);
        await ask();
        writeFileSync(join(folder, file), before);
      };
      await change('manifest.json', manifest.replace('"entities": 36', '"entities": 37'));
      await change('manifest.json', manifest.replace('"version": 3', '"version": 2'));
      await change('manifest.json', '[');
      await change('adapt.onnx', Buffer.from('other'));
      rmSync(join(folder, 'score.onnx'));
      await ask();
      rmSync(join(folder, 'manifest.json'));
      await ask();
      expect(codes).toEqual([
        'BUNDLE_DAMAGED',
        'BUNDLE_VERSION',
        'BUNDLE_DAMAGED',
        'BUNDLE_DAMAGED',
        'BUNDLE_DAMAGED',
        'BUNDLE_MISSING',
      ]);
    });
  });

  it('writes JSON to hash as this program does', async () => {
    const value = {
      b: [
        0, -0, 1, -1.5, 1e21, 1.25e-7, 0.000001, 123456789012345680000, 3e-5, 1e300, 5e-324, 0.1, 1234.5678,
      ],
      '10': { z: 'é\u2028"\\\n\u0001', '': null, '2': true, '\ud83d\ude00': 1, '\uffff': 2 },
      a: [[], {}, 'text', false],
    };
    const [found] = await askPython([{ op: 'hash', value }]);
    expect(found).toBe(canonicalJson(value));
  });

  it('merges stored support rows with events as refresh does', async () => {
    const cases = Array.from({ length: 60 }, (_, n) => {
      // Few items, times and labels, so that all kinds of ties occur.
      const rows = Array.from({ length: 2 + (n % 9) }, (_row, r) => ({
        item: `i${(r * 7 + n) % 3}`,
        ms: 1000 + ((r * r + n) % 4),
        label: (r + n) % 2,
      }));
      const stored = rows.slice(0, n % 5).sort((a, b) => a.ms - b.ms);
      const events = rows.slice(n % 5);
      return { stored, events, most: 1 + (n % 6), once: n % 2 === 0 };
    });
    const columns = (rows: readonly { item: string; ms: number; label: number }[]) => ({
      item: rows.map(({ item }) => item),
      timestampMs: rows.map(({ ms }) => ms),
      label: rows.map(({ label }) => label),
    });
    const expected = cases.map(({ stored, events, most, once }) => {
      const { rows, fresh, known } = mergeSupport(columns(stored), columns(events), most, once);
      const place = (row: number): number => (row < 0 ? stored.length - 1 - row : row);
      return [rows.map(place), fresh.map((row) => stored.length + row), known];
    });
    const found = await askPython(
      cases.map(({ stored, events, most, once }) => {
        const { item, timestampMs, label } = columns([...stored, ...events]);
        return { op: 'merge', args: [stored.length, item, timestampMs, label, most, once] };
      }),
    );
    expect(found).toEqual(expected);
    expect(new Set(expected.map(([, , known]) => known)).size).toBeGreaterThan(1);
  });
});
