// Whether a process that left a mark is still at work.
import { existsSync, readFileSync } from 'node:fs';

/** What marks a process: its number is used again after its end, so its start tells it apart. */
export interface ProcessMark {
  readonly pid: number;
  /** Start in clock ticks since boot; null where the system does not say. */
  readonly began: string | null;
}

export function ownMark(): ProcessMark {
  return { pid: process.pid, began: statOf(process.pid)?.began ?? null };
}

/** Whether the process lives, on this machine. Where its start is not known, any process of its number is taken for it. */
export function isAlive({ pid, began }: ProcessMark): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = statOf(pid);
  return now === undefined || (!now.ended && (began === null || began === now.began));
}

/** State and start of a process, fields 3 and 22 of Linux's stat file; undefined elsewhere. */
function statOf(pid: number): { readonly ended: boolean; readonly began: string | null } | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  // The second field is the program's name in parentheses and may hold spaces: count from after it.
  const text = readFileSync(path, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // A killed process whose parent has not asked for its end stays as a zombie.
  return { ended: fields[0] === 'Z', began: fields[19] ?? null };
}
