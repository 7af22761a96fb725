// Do the engines run? Each one computes a small graph and must get it right.

import { UserError } from '../errors.js';
import { add, mul } from '../graph/ops/algebra.js';
import { input } from '../graph/ops/leaves.js';
import { BACKEND_NAMES, BACKENDS, type Backend, loadExecutor } from '../runtime/backends.js';
import type { Finding } from './finding.js';

export async function engineFindings(): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const backend of BACKEND_NAMES) findings.push(await engineFinding(backend));
  return findings;
}

async function engineFinding(backend: Backend): Promise<Finding> {
  const name = `engine ${backend}`;
  try {
    const executor = await loadExecutor(backend);
    const x = input('x', ['rows']);
    const program = await executor.compile({ outputs: { y: add(mul(x, x), x) } });
    const results = await program.run({ x: { data: Float32Array.of(1, 2, 3), shape: [3] } });
    await program.dispose();
    const got = Array.from(results['y']?.data ?? [], Number);
    return got.join() === '2,6,12'
      ? { name, state: 'ok', found: executor.version }
      : failure(backend, `x² + x of 1, 2, 3 came out as ${got.join(', ')}`, 'Install it anew: npm ci');
  } catch (error) {
    if (error instanceof UserError) return failure(backend, error.what, error.next);
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return failure(
      backend,
      what,
      'Install it anew: npm ci. Its binaries are for 64-bit Linux (glibc 2.28 or newer), Windows and macOS on Apple silicon.',
    );
  }
}

function failure(backend: Backend, found: string, next: string | undefined): Finding {
  return {
    name: `engine ${backend}`,
    state: BACKENDS[backend].ifAbsent,
    found,
    ...(next === undefined ? {} : { next }),
  };
}

/** Devices that ONNX Runtime could use here: those compiled into the package. */
export async function deviceFinding(): Promise<Finding> {
  try {
    const { listSupportedBackends } = await import('onnxruntime-node');
    const devices = listSupportedBackends().map(({ name, bundled }) =>
      bundled ? name : `${name} (needs its libraries)`,
    );
    return { name: 'devices', state: 'ok', found: devices.join(', ') };
  } catch (error) {
    return { name: 'devices', state: 'note', found: error instanceof Error ? error.message : String(error) };
  }
}

/** DuckDB reads the raw logs: without it nothing can be prepared. */
export async function duckdbFinding(): Promise<Finding> {
  const name = 'DuckDB';
  try {
    const { databaseVersion, openDatabase } = await import('../database/database.js');
    const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
    const { product } = await database.numbers('SELECT 6 * 7 AS product');
    database.close();
    if (product !== 42) return { name, state: 'failed', found: `6 * 7 came out as ${product}` };
    return { name, state: 'ok', found: databaseVersion() };
  } catch (error) {
    return {
      name,
      state: 'failed',
      found: error instanceof Error ? error.message : String(error),
      next: 'Install it anew: npm ci',
    };
  }
}
