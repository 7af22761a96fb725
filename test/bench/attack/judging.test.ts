// The attackers' own judgement: what they call wrong, and how inputs are broken.
import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../../bench/attack/answers.js';
import { ATTACKS } from '../../../bench/attack/attacks.js';
import { damaged } from '../../../bench/attack/damage.js';
import { mutateBytes, mutateText, mutateTree } from '../../../bench/attack/mutate.js';
import { brokenEnd, type Ended, wrongEnd } from '../../../bench/attack/outcome.js';
import { withRows } from '../../../bench/attack/table.js';
import { randomStream } from '../../../src/random.js';

const end = (parts: Partial<Ended>): Ended => ({
  code: 0,
  signal: null,
  stdout: '',
  stderr: '',
  late: false,
  ...parts,
});

describe('an end', () => {
  it.each<[string, Partial<Ended>]>([
    ['a hang', { code: null, late: true }],
    ['a crash', { code: null, signal: 'SIGSEGV' }],
    ['a fault of ours', { code: 3, stderr: 'error BUG\n  x' }],
    ['an abort', { code: 134 }],
    ['a refusal without a name', { code: 2, stderr: 'something went wrong' }],
    ['a stack', { code: 2, stderr: 'error X_Y  z\n    at f (file.js:1:2)\n' }],
  ])('is wrong with %s', (_, parts) => expect(brokenEnd(end(parts))).toEqual(expect.any(String)));

  it('is right with a named refusal, and with 0 only where the result is the same', () => {
    expect(brokenEnd(end({ code: 2, stderr: 'error DATA_BAD_ROW  x:1\n  y' }))).toBeUndefined();
    expect(brokenEnd(end({ code: 1, stderr: 'error EXPORT_PARITY  x' }))).toBeUndefined();
    expect(wrongEnd(end({}), () => 'a', 'a')).toBeUndefined();
    expect(wrongEnd(end({}), () => 'b', 'a')).toMatch(/another result/);
    expect(wrongEnd(end({ code: 2, stderr: 'error DATA_BAD_ROW' }), () => 'b', 'a')).toBeUndefined();
  });
});

describe('an answer', () => {
  it('keeps numbers, and no ids, places or durations', () => {
    const json = (run: string, auc: number, seconds: number) =>
      JSON.stringify({ run, path: `/somewhere/it's "a"/${run}`, auc, seconds });
    expect(numbersOf(json('20260101-000000-aaaaaa', 0.5, 1))).toBe(
      numbersOf(json('20260102-000000-bbbbbb-2', 0.5, 2)),
    );
    expect(numbersOf(json('x', 0.5, 1))).not.toBe(numbersOf(json('x', 0.50001, 1)));
  });
});

describe('what is broken', () => {
  const whole = Buffer.from('name: tiny\nlist: [1, 2.5]\nother: "x"\n');

  it('differs from the whole in nearly every try, and is the same for the same seed', () => {
    const random = randomStream(1, 'test');
    let other = 0;
    for (let n = 0; n < 200; n++) {
      const { bytes } = damaged(random, whole);
      expect(bytes.length).toBeLessThanOrEqual(whole.length);
      expect(bytes.equals(whole)).toBe(false);
      other += Number(mutateText(random, String(whole)) !== String(whole));
      other += Number(!mutateBytes(random, whole).equals(whole));
      const tree = { a: [1, { b: 'x' }], c: null };
      other += Number(JSON.stringify(mutateTree(random, tree)) !== JSON.stringify(tree));
      expect(tree).toEqual({ a: [1, { b: 'x' }], c: null });
    }
    expect(other).toBeGreaterThan(540);
    const again = (seed: number) => mutateText(randomStream(seed, 'test'), String(whole));
    expect(again(7)).toBe(again(7));
  });
});

describe('the table', () => {
  it('keeps the rows of kinds that were not run, in the order of the kinds', () => {
    const attack = (kind: string) => ({ ...ATTACKS[0]!, kind, what: kind.toUpperCase() });
    const row = (kind: string, tries: number) => ({
      attack: attack(kind),
      tally: { kind, tries, wrong: [] },
    });
    const kinds = ['a', 'b', 'c'];
    const empty = 'before\n<!-- attack: npm run attack -- --write -->\n<!-- attack: end -->\nafter\n';
    const one = withRows(empty, [row('c', 3)], kinds);
    const two = withRows(one, [row('a', 1)], kinds);
    expect(two).toMatch(/before[\s\S]*\| a \| A \| 1 \| 0 \|\n\| c \| C \| 3 \| 0 \|[\s\S]*after/);
    expect(withRows(two, [], kinds)).toBe(two);
    expect(() => withRows('nothing', [], kinds)).toThrow(/has no/);
  });
});
