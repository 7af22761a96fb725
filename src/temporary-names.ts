// Names of what is being written: each proves who writes it, so that only our own dead leftovers are ever removed.
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { ownMark, type ProcessMark } from './living-process.js';

/** `tmp`: being filled; `old`: what it replaces; `work`: scratch. */
type TemporaryKind = 'tmp' | 'old' | 'work';

export interface TemporaryName {
  /** What it stands for. */
  readonly base: string;
  readonly kind: TemporaryKind;
  readonly owner: ProcessMark;
  /** Digits that the temporary names of one piece of work share. */
  readonly stamp: string;
}

const PID = 10;
const BEGAN = 14;
const COUNT = 6;
const PROOF = 15;

let count = 0;

/**
 * Names for one piece of work on `path`: `<path>.<digits>.<kind>`. The digits are the process, its start, a count, and a proof made of
 * these and the host's name.
 */
export function temporaryNames(path: string): (kind: TemporaryKind) => string {
  const { pid, began } = ownMark();
  const said = pad(pid, PID) + pad(began ?? 0, BEGAN) + pad(count++ % 10 ** COUNT, COUNT);
  const stamp = said + proofOf(said);
  return (kind) => `${path}.${stamp}.${kind}`;
}

/** What a file name says when this program on this host made it; undefined for every other. */
export function readTemporaryName(name: string): TemporaryName | undefined {
  const found = /^(.+)\.(\d{45})\.(tmp|old|work)$/s.exec(name);
  if (found === null) return undefined;
  const [, base, stamp, kind] = found as unknown as [string, string, string, TemporaryKind];
  const said = stamp.slice(0, -PROOF);
  if (stamp.slice(-PROOF) !== proofOf(said)) return undefined;
  const began = BigInt(said.slice(PID, PID + BEGAN));
  const owner = { pid: Number(said.slice(0, PID)), began: began === 0n ? null : String(began) };
  return { base, kind, owner, stamp };
}

function proofOf(said: string): string {
  const digest = createHash('sha256').update(`limaml\0${hostname()}\0${said}`).digest('hex');
  return pad(BigInt(`0x${digest.slice(0, 16)}`) % 10n ** BigInt(PROOF), PROOF);
}

function pad(number: number | bigint | string, digits: number): string {
  return String(number).padStart(digits, '0');
}
