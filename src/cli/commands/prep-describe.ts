// `limaml prep describe`: a descriptor as prep follows it, for other programs that prepare.
import { defineCommand } from '../spec/command.js';
import { dataFlag, setFlag } from '../spec/flags.js';

export const prepDescribeCommand = defineCommand({
  name: 'describe',
  summary: 'Print a descriptor as JSON, layout chosen and every default filled in.',
  description:
    'What spark/prep.py follows on a cluster. The raw files tell the layout; nothing else is read of them.',
  arguments: { dataset: { summary: 'name or descriptor file', completes: 'dataset' } },
  flags: { data: dataFlag, set: setFlag },
  examples: ['prep describe datasets/mine.yaml'],
  action: async ({ dataset, data, set }, { cwd, env, show }) => {
    const { describeDataset } = await import('../../workflows/describe-dataset.js');
    const described = await describeDataset(dataset, { data, set, cwd, env });
    show(described, () => JSON.stringify(described, null, 2));
  },
});
