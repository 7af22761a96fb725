// Every command there is, in the order of the help: the way of the work, then what looks at it.
import { modelsCommand } from './commands/models.js';
import type { CommandSpec } from './spec.js';

export const COMMANDS: readonly CommandSpec[] = [modelsCommand];
