// A report of things with names that try to break out of the page.

import type { ReportData } from '../../src/report/data/report-data.js';
import type { ReportRun } from '../../src/report/data/report-run.js';
import { simulatedReport, simulatedRun } from './simulated-report.js';

/** What an attacker would call things, each breaking out of another place: text, attribute, comment, style, template. */
export const HOSTILE = [
  '<script>document.title="taken"</script>',
  '"><img src="https://evil.example/x.png" onerror="document.title=1">',
  "'><svg onload=alert(1)>",
  '--></title></style><style>*{display:none}</style>',
  '{{7*7}}&lt;&#x3c;\u0000\u202e',
] as const;

/** A report in which everything that has a name of the user's choosing has a hostile one. */
export function hostileReport(): ReportData {
  const [script, image, svg, style, template] = HOSTILE;
  const feature = { name: image, values: [script, svg, style, template] };
  const run = simulatedRun({ feature, baselines: [script, style], dataset: image });
  const hostile: ReportRun = {
    ...run,
    id: `${run.id}${svg}`,
    experiment: style,
    failure: script,
    provenance: {
      ...run.provenance,
      command: ['train', ...HOSTILE],
      recipe: { file: `${image}/experiment.yaml`, sha256: 'e'.repeat(64) },
      cpu: { model: template, count: 2 },
      dependencies: { [script]: svg },
    },
    config: { ...run.config, origins: { ...run.config.origins, [svg]: image } },
  };
  const unread = [{ id: script, experiment: svg, where: template, why: image }];
  return {
    ...simulatedReport('experiment', [hostile, { ...hostile, id: script, seed: 2 }]),
    experiment: style,
    unread,
  };
}
