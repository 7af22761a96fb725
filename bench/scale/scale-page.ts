// docs/scale.md: the table of `bench -- scale`, and how near to a straight line it is.
import { cpus, totalmem } from 'node:os';
import { growthOf, growthSentence } from './growth.js';
import { featuresOf, membersOf, type ScaleRow } from './scale-row.js';

export function scalePage(rows: readonly ScaleRow[]): string {
  const table = rows.map(({ events, shape, stage, run }) =>
    [
      (events / 1e6).toFixed(2),
      membersOf(events, shape).toLocaleString('en'),
      featuresOf(shape),
      stage,
      run.seconds.toFixed(1),
      run.cpuSeconds.toFixed(1),
      ((1e6 * run.cpuSeconds) / events).toFixed(2),
      run.peakMb.toFixed(0),
    ].join(' | '),
  );
  const growth = growthOf(rows).map((of) => `- ${growthSentence(of)}`);
  return `# Scale

What one machine takes at growing lengths of a log: \`npm run bench -- scale --write\` wrote this page. The log is made up: twenty events a member, 20,000 items, two features of
events; at the least length also two hundred events a member, and twelve features. \`train\` is one epoch of a small model with its validation, \`score\` a row for every tenth
event, through the bundle that \`export\` wrote. Processor time is that of all threads; wall times say little where the machine is busy.
${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node.js ${process.version}.

![processor time an event and peak memory by millions of events](scale.svg)

${growth.length === 0 ? 'Of one length alone nothing is said about growth.' : growth.join('\n')}

| million events | members | features | stage | wall s | CPU s | CPU µs an event | peak MB |
|---|---|---|---|---|---|---|---|
${table.map((line) => `| ${line} |`).join('\n')}

Each length starts programs anew, so the least of them carries about a second of start-up. \`npm run bench -- members\` measures export and refresh by members instead of events.
`;
}
