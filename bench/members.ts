// npm run bench -- members [--rows 1000000,3000000] [--json]: members exported, all of them refreshed, and one scored beside the others.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InternalError } from '../src/errors.js';
import { textTable } from './compare/text-table.js';
import { madeUpMembers } from './members/made-up-members.js';

const DEFAULT_MEMBERS = [1_000_000, 3_000_000];

interface MembersBenchRow {
  readonly members: number;
  readonly job: 'export' | 'refresh' | 'score';
  /** Written, and where one is scored, read. */
  readonly vectors: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

export async function benchMembers(options: {
  readonly members: readonly number[];
  readonly built: string;
  readonly note: (text: string) => void;
}): Promise<{ readonly rows: readonly MembersBenchRow[]; readonly report: string }> {
  const rows: MembersBenchRow[] = [];
  for (const members of options.members.length > 0 ? options.members : DEFAULT_MEMBERS) {
    const folder = await mkdtemp(join(tmpdir(), 'limaml-bench-members-'));
    try {
      options.note(`${members} members: making and preparing the log`);
      const prepared = await madeUpMembers(folder, members);
      await rm(join(folder, 'events.parquet'));
      for (const job of ['export', 'refresh', 'score'] as const) {
        options.note(`${members} members: ${job}`);
        const found = await measured(options.built, [job, folder, prepared]);
        rows.push({ members, job, ...found });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { rows, report: report(rows) };
}

async function measured(
  built: string,
  args: readonly string[],
): Promise<Omit<MembersBenchRow, 'members' | 'job'>> {
  const child = spawn(process.execPath, [join(built, 'members', 'members-process.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, wrong] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    wrong = (wrong + text).slice(-2000);
  });
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code !== 0) throw new InternalError(`${args[0]} left with ${code}:\n${wrong}`);
  return JSON.parse(said) as Omit<MembersBenchRow, 'members' | 'job'>;
}

const report = (rows: readonly MembersBenchRow[]): string =>
  textTable(
    ['M members', 'job', 'wall s', 'CPU s', 'vectors a CPU s', 'peak MB'],
    rows.map(({ members, job, vectors, seconds, cpuSeconds, peakMb }) => [
      (members / 1e6).toFixed(1),
      job,
      seconds.toFixed(0),
      cpuSeconds.toFixed(0),
      (vectors / cpuSeconds).toFixed(0),
      peakMb.toFixed(0),
    ]),
  );
