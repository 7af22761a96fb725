// What the style sheet claims of its colours, by the contrast formula of WCAG 2.2.
import { describe, expect, it } from 'vitest';
import { COLOURS } from '../../src/report/page/style-colours.js';

/** The custom properties of each theme, in the order of the style sheet: light, dark. */
const themes = [...COLOURS.matchAll(/\{(?:color-scheme:[^;]*;)?(--page:[^}]*)\}/g)].map(
  ([, text]) =>
    new Map([...text!.matchAll(/--([\w-]+):(#[0-9a-f]{6})/g)].map(([, name, hex]) => [name!, hex!])),
);

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

describe('colours', () => {
  it('are contrasted as the formula says', () => {
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 10);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it('of series stand out 3 : 1, and text 4.5 : 1, in both themes', () => {
    expect(themes.map((theme) => theme.size)).toEqual([24, 24]);
    for (const theme of themes) {
      const of = (name: string, ground: string) => contrast(theme.get(name)!, theme.get(ground)!);
      for (const series of ['s0', 's1', 's2', 's3', 's4', 's5'])
        expect(of(series, 'page')).toBeGreaterThan(3);
      for (const text of ['ink', 'soft', 'good', 'bad', 'open'])
        expect(of(text, 'page')).toBeGreaterThan(4.5);
      for (const word of ['good', 'bad', 'open']) {
        expect(of(word, `${word}-tint`)).toBeGreaterThan(4.5);
        expect(of('soft', `${word}-tint`)).toBeGreaterThan(4.5);
      }
    }
  });
});
