// Progress: one updating line on a terminal, lines that stay elsewhere, times left, curves of a training.
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { createIo } from '../../src/cli/terminal/create-io.js';
import { epochPlot } from '../../src/cli/terminal/epoch-plot.js';
import type { Host } from '../../src/cli/terminal/host.js';
import { loadCurves } from '../../src/cli/terminal/load-curves.js';
import { paceOf, paceText } from '../../src/cli/terminal/pace.js';
import { progressRenderer } from '../../src/cli/terminal/progress.js';
import { figuresText, stepLine } from '../../src/cli/terminal/progress-line.js';
import type { ProgressEvent } from '../../src/progress.js';
import { trainingsProgress } from '../../src/workflows/sweep/trainings-progress.js';

const ESCAPE = '\u001b';

/** A stream that keeps what is written, and a clock that is set by hand. */
function host(
  stderr: object,
  env = {},
): {
  readonly host: Host;
  readonly at: (seconds: number) => void;
  readonly written: () => string;
} {
  let text = '';
  let seconds = 0;
  const write = (part: string): boolean => {
    text += part;
    return true;
  };
  return {
    host: {
      stderr: { write, ...stderr },
      stdout: { write: () => true },
      env,
      now: () => new Date(1000 * seconds),
    } as unknown as Host,
    at: (s: number): void => {
      seconds = s;
    },
    /** What was written, with ⟲ for a line that is drawn anew. */
    written: (): string =>
      text.replaceAll(`\r${ESCAPE}[2K`, '⟲').replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), ''),
  };
}

const within = (part: number) => ({ part, of: 20, mayEndEarly: true });
const EPOCH: ProgressEvent = {
  kind: 'epoch',
  epoch: 1,
  epochs: 20,
  figures: { loss: 0.48, 'valid AUC': 0.71 },
};

function play({ host, at }: { readonly host: Host; readonly at: (seconds: number) => void }): void {
  const { progress, finish, close } = progressRenderer(host);
  progress({ kind: 'part', part: 1, of: 2, name: 'seed 1' });
  progress({ kind: 'stage', name: 'train limaml' });
  at(1);
  progress({ kind: 'step', done: 50, total: 200, unit: 'tasks', within: within(1), figures: { loss: 0.5 } });
  at(4);
  progress(EPOCH);
  progress({ kind: 'step', done: 200, total: 200, unit: 'tasks', within: within(1) });
  progress({ kind: 'note', text: 'dropped 3 rows' });
  progress({ kind: 'warning', code: 'DATA_ODD', text: 'odd' });
  at(40);
  progress({ kind: 'step', done: 100, total: 200, unit: 'tasks', within: within(2) });
  at(44);
  progress({ kind: 'part', part: 2, of: 2, name: 'seed 2' });
  progress({ kind: 'stage', name: 'export' });
  finish();
  close();
}

describe('progress', () => {
  it('is one updating line on a terminal, and notes stand above it', () => {
    const terminal = host({ isTTY: true, columns: 120 });
    play(terminal);
    expect(terminal.written()).toBe(
      'seed 1, 1 of 2\ntrain limaml\n' +
        '⟲  train limaml ░░░░░░░░░░░░░░░░░░░░   1 %  at most 1 min 19 s left  loss 0.5000  50/200 tasks' +
        '⟲  train limaml █░░░░░░░░░░░░░░░░░░░   5 %  at most 1 min 16 s left  epoch 1/20  loss 0.4800  valid AUC 0.7100' +
        '⟲  train limaml █░░░░░░░░░░░░░░░░░░░   5 %  at most 1 min 16 s left  epoch 1/20  loss 0.4800  valid AUC 0.7100' +
        '⟲  dropped 3 rows\nwarning DATA_ODD  odd\n' +
        '⟲  train limaml ██░░░░░░░░░░░░░░░░░░   7 %  at most 8 min 13 s left  epoch 1/20  loss 0.4800  valid AUC 0.7100' +
        '⟲  train limaml took 44 s\nseed 2, 2 of 2  after 44 s, about 44 s left\nexport\n',
    );
  });

  it('is lines that stay elsewhere: an epoch each, and how far a long stage is now and then', () => {
    for (const other of [host({}), host({ isTTY: true }, { CI: 'true', NO_COLOR: '1' })]) {
      play(other);
      expect(other.written()).toBe(
        'seed 1, 1 of 2\ntrain limaml\n  epoch  1/20  loss 0.4800  valid AUC 0.7100  at most 1 min 16 s left\n' +
          '  dropped 3 rows\nwarning DATA_ODD  odd\n' +
          '  train limaml ██░░░░░░░░░░░░░░░░░░   7 %  at most 8 min 13 s left  epoch 1/20  loss 0.4800  valid AUC 0.7100  100/200 tasks\n' +
          '  train limaml took 44 s\nseed 2, 2 of 2  after 44 s, about 44 s left\nexport\n',
      );
      expect(other.written()).not.toContain('\r');
    }
  });

  it('shows that a stage is at work before it says how far', () => {
    const terminal = host({ isTTY: true, columns: 40 });
    const { progress, tick, close } = progressRenderer(terminal.host);
    tick();
    progress({ kind: 'stage', name: 'sort' });
    terminal.at(12);
    tick();
    close();
    expect(terminal.written()).toBe('sort\n⟲  sort  12 s⟲');
  });

  it('keeps to the width of the terminal, the time before the figures', () => {
    const step = {
      kind: 'step',
      done: 1,
      total: 4,
      unit: 'rows',
      figures: { loss: 0.5, 'valid AUC': 0.7 },
    } as const;
    const pace = paceOf(step, 0, 10);
    const lines = [120, 60, 40].map((columns) =>
      stepLine(step, '名前名前 training', pace, { epoch: '1/3' }, columns),
    );
    expect(lines).toEqual([
      '  名前名前 training █████░░░░░░░░░░░░░░░  25 %  30 s left  epoch 1/3  loss 0.5000  valid AUC 0.7000  1/4 rows',
      '  名前名前 training ███░░░░░░░  25 %  30 s left  epoch 1/3',
      '  名前名前 training ███░░░░░░░  25 %',
    ]);
    const narrow = stepLine(step, '名前'.repeat(20), pace, {}, 30);
    expect(stringWidth(narrow)).toBeLessThanOrEqual(36);
    expect(figuresText({ 'tasks/s': 14200.4, loss: 0.5, epoch: 3, now: 'ranking', odd: Number.NaN })).toBe(
      'tasks/s 14,200  loss 0.5000  epoch 3  now ranking  odd –',
    );
  });

  it('takes the time left from what was done here, not from what a resumed training had behind it', () => {
    const step = {
      kind: 'step',
      done: 5,
      total: 10,
      unit: 'tasks',
      within: { part: 11, of: 20, mayEndEarly: false },
    } as const;
    // Half an epoch in 3 s, 9.5 to go.
    expect(paceText(paceOf(step, 0.5, 3))).toBe('57 s left');
    expect(paceText(paceOf({ ...step, within: undefined, done: 0, total: 0 } as never, 0, 3))).toBe('3.0 s');
  });

  it('is nothing at all when it shall be quiet', () => {
    const quiet = host({ isTTY: true, columns: 80 });
    const io = createIo(quiet.host, { json: false, quiet: true, onShow: () => {} });
    io.progress({ kind: 'stage', name: 'train' });
    io.progress({ kind: 'warning', code: 'DATA_ODD', text: 'odd' });
    io.show({}, () => 'result');
    io.close();
    expect(quiet.written()).toBe('');
  });
});

describe('the trainings of a sweep', () => {
  it('move one bar together, and only their warnings are heard', () => {
    const told: ProgressEvent[] = [];
    const { of, ended } = trainingsProgress(4, (event) => told.push(event));
    const [first, second] = [of(0), of(1)];
    first({ kind: 'stage', name: 'train limaml' });
    first({ kind: 'step', done: 5, total: 10, unit: 'tasks', within: { part: 1, of: 2, mayEndEarly: true } });
    second({
      kind: 'step',
      done: 10,
      total: 10,
      unit: 'tasks',
      within: { part: 1, of: 2, mayEndEarly: true },
    });
    first({ kind: 'warning', code: 'DATA_ODD', text: 'odd' });
    ended(0);
    expect(told.map((event) => (event.kind === 'step' ? event.done : event.kind))).toEqual([
      0.25,
      0.75,
      'warning',
      1.5,
    ]);
  });
});

describe('curves of a training', async () => {
  const draw = await loadCurves();
  const events: readonly ProgressEvent[] = [1, 2, 3, 4].map((epoch) => ({
    kind: 'epoch',
    epoch,
    epochs: 4,
    figures: { loss: 0.7 / epoch, 'valid AUC': 0.5 + epoch / 20, 'valid log loss': 0.6 },
  }));

  it('are the loss and the first metric, side by side, as wide as the terminal', () => {
    const plot = epochPlot(draw, false);
    expect(plot.lines(80)).toEqual([]);
    for (const event of events) plot.watch(event);
    plot.watch({
      kind: 'step',
      done: 1,
      total: 2,
      unit: 'tasks',
      within: { part: 5, of: 9, mayEndEarly: true },
      figures: { loss: 0.1 },
    });
    for (const columns of [60, 80, 160]) {
      const lines = plot.lines(columns);
      expect(lines.every((line) => stringWidth(line) <= columns)).toBe(true);
      expect(lines[0]).toMatch(/^ {2}loss 0\.1000 +valid AUC 0\.7000$/);
      expect(lines.length).toBeGreaterThan(8);
      expect(lines.length).toBeLessThan(14);
      expect(lines.join('\n')).not.toContain('log loss');
    }
    plot.watch({ kind: 'stage', name: 'refit limaml' });
    expect(plot.lines(80)).toEqual([]);
  });

  it('are drawn above the line of a terminal, and stay when the training has ended', () => {
    const terminal = host({ isTTY: true, columns: 80 });
    const { progress, finish, close } = progressRenderer(terminal.host, epochPlot(draw, false));
    progress({ kind: 'stage', name: 'train limaml' });
    for (const event of events) progress(event);
    finish();
    close();
    const screen = terminal.written().split(`${ESCAPE}[J`).at(-1)!;
    expect(screen.match(/valid AUC 0\.7000/g)).toHaveLength(1);
    expect(terminal.written()).toContain(`${ESCAPE}[`);
  });

  it('are lines where there is no terminal, and that is said', () => {
    const pipe = host({});
    const io = createIo(pipe.host, {
      json: false,
      quiet: false,
      onShow: () => {},
      plot: epochPlot(draw, false),
    });
    for (const event of events) io.progress(event);
    io.close();
    expect(pipe.written().split('\n')[0]).toBe('  --plot draws on a terminal alone: epochs are lines here');
    expect(pipe.written()).not.toContain('┤');
  });
  it('say what to install where the package is missing', async () => {
    await expect(loadCurves('no-such-package')).rejects.toMatchObject({ code: 'PLOT_MISSING' });
  });
});
