// Every fault on purpose, by the room that it breaks; each was once noticed by no test of its own.
import { FILE_MUTANTS } from './list/files.js';
import { GRAPH_MUTANTS } from './list/graph.js';
import { MODELS_MUTANTS } from './list/models.js';
import { PREP_MUTANTS } from './list/prep.js';
import { RUN_MUTANTS } from './list/runs.js';
import { SCORING_MUTANTS } from './list/scoring.js';
import { SERVING_MUTANTS } from './list/serving.js';
import type { Mutant } from './mutant.js';

export const MUTANTS: readonly Mutant[] = [
  ...FILE_MUTANTS,
  ...GRAPH_MUTANTS,
  ...MODELS_MUTANTS,
  ...PREP_MUTANTS,
  ...RUN_MUTANTS,
  ...SCORING_MUTANTS,
  ...SERVING_MUTANTS,
];
