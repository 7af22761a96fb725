// `limaml report`: what was found, as one HTML file for people.
import { runArgument } from '../spec/arguments.js';
import { defineCommand } from '../spec/command.js';

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'Write a report of a run or an experiment: one HTML file.',
  description:
    'The verdict in words, comparison, segments, curves, configuration and provenance of a run, or of all finished runs of an experiment side by side. The file loads nothing: it can be mailed, archived and printed. It goes to report.html in the run, or in runs/ of the experiment.',
  arguments: { what: { summary: `an experiment, or a run: ${runArgument.summary}`, completes: 'run' } },
  flags: { out: { kind: 'text', value: 'file', summary: 'write it here' } },
  examples: ['report latest', 'report synthetic', 'report synthetic/latest --out report.html'],
  action: async ({ what, out }, io) => {
    const [{ writeReport }, { requireAllRead }, { renderWrittenReport }] = await Promise.all([
      import('../../report/write-report.js'),
      import('../../runs/unread.js'),
      import('../render/report.js'),
    ]);
    const written = await writeReport(what, { out, cwd: io.cwd, progress: io.progress });
    io.show(written, renderWrittenReport);
    requireAllRead(written.unread);
  },
});
