// The order of test files: the longest first, so that two processes end together instead of one waiting for the last long file.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of several seconds, from the longest down. The rest in vitest's own order, which knows times only where tests ran before. */
const LONG = [
  'test/adding/adding.test.ts',
  'test/cli/documented.test.ts',
  'test/bench/attack/short-form.test.ts',
  'test/cli/own-log.test.ts',
  'test/docs/tutorial.test.ts',
  'test/prep/fuzz.test.ts',
  'test/models/contract.test.ts',
  'test/package/tarball.test.ts',
  'test/cli/main-job.test.ts',
  'test/evaluation/coverage.test.ts',
  'test/datasets/real-logs.test.ts',
  'test/export/export-models.test.ts',
  'test/onboard/sniff/layouts.test.ts',
  'test/report/browser.test.ts',
  'test/cli/check.test.ts',
  'test/models/two-block-options.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ project, moduleId }: TestSpecification): number => {
      // Processes of their own come before those that share one, or the shared one would be ended and begun anew.
      if (project.config.isolate) return -1;
      const place = LONG.findIndex((path) => moduleId.endsWith(path));
      return place === -1 ? LONG.length : place;
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}
