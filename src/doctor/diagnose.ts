// The whole examination, in the order it is shown.
import { packageVersion } from '../package-root.js';
import { dependencyVersions } from '../runs/gather-provenance.js';
import { deviceFinding, duckdbFinding, engineFindings } from './engines.js';
import type { Finding } from './finding.js';
import {
  dataFinding,
  diskFinding,
  gitFinding,
  memoryFinding,
  nodeFinding,
  processorFinding,
} from './machine.js';

export interface Diagnosis {
  /** Nothing that the main job needs has failed. */
  readonly healthy: boolean;
  readonly version: string;
  readonly findings: readonly Finding[];
  readonly dependencies: Readonly<Record<string, string>>;
}

export async function diagnose(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Diagnosis> {
  const findings = [
    { name: 'limaml', state: 'ok', found: packageVersion() } as const,
    nodeFinding(),
    ...(await engineFindings()),
    await deviceFinding(),
    await duckdbFinding(),
    processorFinding(),
    memoryFinding(),
    await diskFinding(cwd),
    await gitFinding(cwd),
    dataFinding(env),
  ];
  return {
    healthy: findings.every(({ state }) => state !== 'failed'),
    version: packageVersion(),
    findings,
    dependencies: dependencyVersions(),
  };
}
