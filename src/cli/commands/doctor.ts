// `limaml doctor`: does everything run here, and what to do about what does not.
import { CheckFailed } from '../../errors.js';
import { defineCommand } from '../spec/command.js';

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'Check this machine: versions, engines, database, memory, disk, data.',
  description:
    'Every engine computes something small. Exit code 1 when the default engine or the database cannot run.',
  arguments: {},
  flags: {},
  examples: ['doctor', 'doctor --json'],
  action: async (_, io) => {
    const [{ diagnose }, { renderDiagnosis }] = await Promise.all([
      import('../../doctor/diagnose.js'),
      import('../render/doctor.js'),
    ]);
    const diagnosis = await diagnose(io.cwd, io.env);
    io.show(diagnosis, renderDiagnosis);
    if (diagnosis.healthy) return;
    const failed = diagnosis.findings.filter(({ state }) => state === 'failed').map(({ name }) => name);
    throw new CheckFailed({
      code: 'DOCTOR_FAILED',
      what: `This machine cannot run limaml yet: ${failed.join(', ')}.`,
      next: 'Follow the advice in the table.',
    });
  },
});
