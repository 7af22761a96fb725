// The state of the user's own repository, as git tells it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface GitState {
  readonly commit: string;
  /** Tracked files differ from the commit, or untracked ones lie about. */
  readonly dirty: boolean;
}

const run = promisify(execFile);

/** Commit and dirty flag of the repository that `folder` lies in; null outside one or without git. */
export async function gitState(folder: string): Promise<GitState | null> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', ['-C', folder, ...args], { timeout: 20_000, maxBuffer: 1 << 26 })).stdout.trim();
  try {
    const commit = await git('rev-parse', '--verify', 'HEAD');
    return { commit, dirty: (await git('status', '--porcelain')) !== '' };
  } catch {
    // No git, no repository or no commit: for the record these are the same, there is nothing to name.
    return null;
  }
}
