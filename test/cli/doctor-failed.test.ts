// A machine on which the default engine does not load: doctor shows it, and fails as a check does.
import { expect, it, vi } from 'vitest';
import { runMain } from './in-process.js';

vi.mock('onnxruntime-node', () => {
  throw new Error('libonnxruntime.so: cannot open shared object file');
});

it('doctor ends with 1 where what training needs does not run', async () => {
  const { code, stdout, stderr } = await runMain(['doctor', '--json']);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error DOCTOR_FAILED\n {2}This machine cannot run limaml yet: engine onnxruntime\.\n/m,
  );
  const { healthy, findings } = JSON.parse(stdout) as {
    healthy: boolean;
    findings: readonly { name: string; state: string }[];
  };
  expect(healthy).toBe(false);
  expect(findings.filter(({ state }) => state === 'failed').map(({ name }) => name)).toEqual([
    'engine onnxruntime',
  ]);
});
