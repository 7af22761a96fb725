// What a check writes for CI systems: well-formed XML, a Markdown table, and text that cannot break either.
import { describe, expect, it } from 'vitest';
import type { ExperimentCheck } from '../../src/workflows/check/check-experiment.js';
import type { CheckRow } from '../../src/workflows/check/judge.js';
import { junitXml } from '../../src/workflows/check/junit.js';
import { markdownSummary } from '../../src/workflows/check/markdown.js';

const pass: CheckRow = {
  name: 'auc',
  expected: 0.76,
  found: 0.7605,
  delta: 0.0005,
  allowed: 0.002,
  power: 0.987,
  verdict: 'pass',
  failed: false,
  note: 'within the noise.',
};
const fail: CheckRow = {
  ...pass,
  name: 'logLoss',
  found: 0.78,
  delta: 0.02,
  verdict: 'fail',
  failed: true,
  note: 'beyond it.',
};
const odd: CheckRow = {
  name: 'recipe and data',
  expected: null,
  found: null,
  delta: null,
  allowed: null,
  power: null,
  verdict: 'changed',
  failed: true,
  note: 'a "b" <c> & d | e',
};

const check = (rows: readonly CheckRow[]): ExperimentCheck => ({
  experiment: 'synthetic',
  model: 'limaml',
  expectation: 'expected.json',
  expectedSeeds: [1, 2, 3],
  seeds: [1, 2],
  regression: 0.005,
  rows,
  advice: [],
  passed: rows.every(({ failed }) => !failed),
  updated: false,
  seconds: 12.3456,
});

describe('JUnit XML', () => {
  it('has a suite an experiment, a case a row, and failures counted', () => {
    expect(junitXml([check([pass, fail])])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="limaml check" tests="2" failures="1">
  <testsuite name="synthetic" tests="2" failures="1" errors="0" skipped="0" time="12.346">
    <testcase classname="limaml.synthetic.limaml" name="auc">
      <system-out>auc: expected 0.7600, found 0.7605 (+0.0005), pass. within the noise.</system-out>
    </testcase>
    <testcase classname="limaml.synthetic.limaml" name="logLoss">
      <failure message="logLoss: fail">logLoss: expected 0.7600, found 0.7800 (+0.0200), fail. beyond it.</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('escapes what XML would take for its own', () => {
    expect(junitXml([check([odd])])).toContain(
      'recipe and data: changed. a &quot;b&quot; &lt;c&gt; &amp; d | e',
    );
  });
});

describe('the Markdown summary', () => {
  it('says how many failed, and shows every row', () => {
    const text = markdownSummary([check([pass]), check([fail, odd])]);
    expect(text).toContain('## limaml check: 1 of 2 failed\n');
    expect(text).toContain('### ✅ synthetic (limaml)');
    expect(text).toContain('| | expected | found | Δ | within noise | catches 0.005 | verdict | |');
    expect(text).toContain('| auc | 0.7600 | 0.7605 | +0.0005 | 0.0020 | 99 % | pass | within the noise. |');
    expect(text).toContain(
      '| **logLoss** | 0.7600 | 0.7800 | +0.0200 | 0.0020 | 99 % | **fail** | beyond it. |',
    );
    expect(text).toContain(
      '| **recipe and data** | – | – | – | – | – | **changed** | a "b" &lt;c> &amp; d \\| e |',
    );
  });
});

it('names that would steer a terminal, turn the order round, load a picture or are no character stand there as they are', () => {
  const hostile = {
    ...odd,
    name: 'a\u001b[31m\u202e\u0000\ufffe\ud83d\u0085',
    note: '![x](http://a/b.png) `c` **d** __e__ ~f~ \\| \r\n<img>&lt; \u{1f600}',
  };
  const seen = 'a\\u001b[31m\\u202e\\u0000\\ufffe\\ud83d\\u0085';
  const xml = junitXml([{ ...check([hostile]), experiment: hostile.name }]);
  expect(xml).toContain(`<testsuite name="${seen}"`);
  expect(xml).toContain(`name="${seen}"`);
  expect(xml).toMatch(/^[\t\n\x20-\x7e\u{a0}-\u{200d}\u{2010}-\u{d7ff}\u{10000}-\u{10ffff}]*$/u);
  const text = markdownSummary([{ ...check([hostile]), experiment: hostile.name }]);
  const escaped = seen.replaceAll('\\', '\\\\').replace('[', '\\[');
  expect(text).toContain(`### ❌ ${escaped} (limaml)`);
  expect(text).toContain(
    '!\\[x\\](http://a/b.png) \\`c\\` \\*\\*d\\*\\* \\_\\_e\\_\\_ \\~f\\~ \\\\\\|  &lt;img>&amp;lt; \u{1f600} |',
  );
});
