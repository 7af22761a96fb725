// Every command there is, in the order of the help: the way of the work, then what looks at it.
import { checkCommand } from './commands/check.js';
import { compareCommand } from './commands/compare.js';
import { completeCommand } from './commands/complete.js';
import { doctorCommand } from './commands/doctor.js';
import { evalCommand } from './commands/eval.js';
import { exportCommand } from './commands/export.js';
import { hereCommand } from './commands/here.js';
import { initCommand } from './commands/init.js';
import { mergeCommand } from './commands/merge.js';
import { modelsCommand } from './commands/models.js';
import { newCommand } from './commands/new.js';
import { prepCommand } from './commands/prep.js';
import { quickstartCommand } from './commands/quickstart.js';
import { refreshCommand } from './commands/refresh.js';
import { reportCommand } from './commands/report.js';
import { resultsCommand } from './commands/results.js';
import { runsCommand } from './commands/runs/runs.js';
import { schemaCommand } from './commands/schema.js';
import { scoreCommand } from './commands/score.js';
import { serveCommand } from './commands/serve.js';
import { storeCommand } from './commands/store.js';
import { sweepCommand } from './commands/sweep.js';
import { trainCommand } from './commands/train.js';
import { validateCommand } from './commands/validate.js';
import { verifyCommand } from './commands/verify.js';
import type { CommandSpec } from './spec/command.js';

export const COMMANDS: readonly CommandSpec[] = [
  quickstartCommand,
  hereCommand,
  initCommand,
  prepCommand,
  newCommand,
  trainCommand,
  sweepCommand,
  evalCommand,
  exportCommand,
  scoreCommand,
  refreshCommand,
  mergeCommand,
  storeCommand,
  serveCommand,
  reportCommand,
  resultsCommand,
  runsCommand,
  compareCommand,
  verifyCommand,
  checkCommand,
  modelsCommand,
  validateCommand,
  schemaCommand,
  doctorCommand,
  completeCommand(() => COMMANDS),
];
