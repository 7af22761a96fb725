// docs/scale.md: the table of `bench -- scale`, and how near to a straight line it is.
import { cpus, totalmem } from 'node:os';
import type { ScaleRow } from './scale-row.js';

export function scalePage(rows: readonly ScaleRow[]): string {
  const table = rows.map(({ events, members, stage, run }) =>
    [
      (events / 1e6).toFixed(2),
      members.toLocaleString('en'),
      stage,
      run.cpuSeconds.toFixed(1),
      ((1e6 * run.cpuSeconds) / events).toFixed(2),
      run.peakMb.toFixed(0),
    ].join(' | '),
  );
  return `# Scale

What one machine takes at growing lengths of a log: \`npm run bench -- scale --only write\` wrote this page. The log is made up: twenty events a member, 20,000 items, six columns, two
features of events. \`train\` is one epoch of a small model, \`score\` a row for every tenth event, through the bundle that \`export\` wrote. Times are processor seconds of all threads: on a busy
machine wall times say little. ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node.js ${process.version}.

![processor time and peak memory by millions of events](scale.svg)

| million events | members | stage | CPU s | CPU µs an event | peak MB |
|---|---|---|---|---|---|
${table.map((line) => `| ${line} |`).join('\n')}

Each length starts programs anew, so the least of them carries about a second of start-up. \`npm run bench -- members\` measures export and refresh by members instead of events.
`;
}
