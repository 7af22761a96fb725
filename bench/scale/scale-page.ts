// docs/scale.md: the table of `bench -- scale`, and how near to a straight line it is.
import { cpus, totalmem } from 'node:os';
import { growthOf, growthSentence } from './growth.js';
import { featuresOf, membersOf, type ScaleRow } from './scale-row.js';

/** @param recorded the day, as 2026-01-31 */
export function scalePage(rows: readonly ScaleRow[], recorded: string): string {
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
${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node.js ${process.version}. Recorded on ${recorded}.

![processor time an event and peak memory by millions of events](scale.svg)

${growth.length === 0 ? 'Of one length alone nothing is said about growth.' : growth.join('\n')}

| million events | members | features | stage | wall s | CPU s | CPU µs an event | peak MB |
|---|---|---|---|---|---|---|---|
${table.map((line) => `| ${line} |`).join('\n')}

## What is held

- prep: the database's tables, up to \`--memory\` (512 MB); past it they are on disk. An event takes about 67 bytes there as read and 35 sorted, and while the log is sorted the
  runs of the sort beside both. A log of a million events fits, so the first step of the curve is how much of the limit is used, not growth that goes on.
- train: the last two shards of about a million events, 29 bytes an event with two features; a byte a member for whether it was seen; 13 bytes a validation row for its score.
- export: a shard, members in pieces, and the tables of the bundle in a database of 640 MB, past which they are on disk.
- score: rows and what is scored stream through; held are the vectors of all members and where each lies: 4 bytes a number, 2 a character of the ID, 10 to 16 beside.

The rest of the difference between 1 and 10 M is JavaScript's heap, which grows until it is worth collecting, and memory that the allocators keep.

Each length starts programs anew, so the least of them carries about a second of start-up. \`npm run bench -- members\` measures export and refresh by members instead of events.
`;
}
