// Bars drawn with text.

import { describe, expect, it } from 'vitest';
import { barLine } from '../../../src/cli/render/profile.js';

describe('barLine', () => {
  it('fills in eighths of a character', () => {
    expect(barLine(0, 4)).toBe('    ');
    expect(barLine(0.5, 4)).toBe('██  ');
    expect(barLine(1, 4)).toBe('████');
    // 0.4 of 4 characters are 12.8 eighths: one whole and five eighths.
    expect(barLine(0.4, 4)).toBe('█▋  ');
  });

  it('shows a sliver of anything, and never overflows', () => {
    expect(barLine(1e-9, 4)).toBe('▏   ');
    expect(barLine(2, 4)).toBe('████');
  });
});
