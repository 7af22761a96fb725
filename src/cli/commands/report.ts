// `limaml report`: what was found, as one HTML file for people.
import { dirname } from 'node:path';
import type { RunPlace } from '../../runs/places.js';
import { runArgument } from '../spec/arguments.js';
import { defineCommand } from '../spec/command.js';

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'Write a report of a run or an experiment: one HTML file.',
  description:
    'The verdict in words, comparison, segments, curves, configuration and provenance of a run, or of all finished runs of an experiment side by side. The file loads nothing: it can be mailed, archived and printed. It goes to report.html in the run, or in runs/ of the experiment.',
  arguments: { what: { summary: `an experiment, or a run: ${runArgument.summary}`, completes: 'run' } },
  flags: {
    out: { kind: 'text', value: 'file', summary: 'write it here' },
    importance: {
      kind: 'switch',
      summary: 'measure first what each feature is worth, on test rows; it is kept in the run',
    },
  },
  examples: [
    'report latest',
    'report synthetic',
    'report synthetic/latest --out report.html',
    'report latest --importance',
  ],
  action: async ({ what, out, importance }, io) => {
    const [
      { writeReport },
      { importanceOfRun },
      { liveMlflow },
      { requireAllRead },
      { renderWrittenReport },
    ] = await Promise.all([
      import('../../report/write-report.js'),
      import('../../workflows/measure-importance.js'),
      import('../../exchange/live-mlflow.js'),
      import('../../runs/unread.js'),
      import('../render/report.js'),
    ]);
    const { cwd, progress } = io;
    const prepare = { prepare: (run: RunPlace) => importanceOfRun(run, progress) };
    const written = await writeReport(what, { out, cwd, progress, ...(importance ? prepare : {}) });
    if (written.kind === 'run' && out === undefined) {
      const watch = liveMlflow(io);
      watch?.began(dirname(written.path));
      await watch?.end();
    }
    io.show(written, renderWrittenReport);
    requireAllRead(written.unread);
  },
});
