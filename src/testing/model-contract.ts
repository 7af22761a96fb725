// What every model must do, as checks that any test runner can run: `limaml/testing`.
import type { ModelDefinition } from '../models/contract/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { DEFINITION_CHECKS } from './checks/definition.js';
import { EXPORT_CHECKS } from './checks/export.js';
import { GRADIENT_CHECKS } from './checks/gradients.js';
import { LEARNING_CHECKS } from './checks/learning.js';
import { SCORING_CHECKS } from './checks/scoring.js';
import { contractDataset } from './subject/contract-log.js';
import { buildSmall, SHORT, smallTraining, train } from './subject/small-training.js';
import type { Check, Subject } from './subject/subject.js';

const CHECKS: readonly Check[] = [
  ...DEFINITION_CHECKS,
  ...LEARNING_CHECKS,
  ...SCORING_CHECKS,
  ...GRADIENT_CHECKS,
  ...EXPORT_CHECKS,
];

export interface ContractOptions {
  /** Options of the model for the checks: small ones, that it may be quick. Laid over what its schema knows of usual names. */
  readonly options?: object;
  /** Prepared data to run on, in place of a small log with tastes planted in it. */
  readonly dataset?: PreparedDataset;
}

/** A named check; `run` throws an AssertionError that says what the model did instead. */
export interface ContractCheck {
  readonly name: string;
  readonly run: () => Promise<void>;
}

let planted: Promise<PreparedDataset> | undefined;

/**
 * The contract of a model, check by check. With any test runner:
 *
 *     for (const { name, run } of modelContract(model)) it(name, run);
 */
export function modelContract(
  definition: ModelDefinition,
  { options = {}, dataset }: ContractOptions = {},
): readonly ContractCheck[] {
  let subject: Promise<Subject> | undefined;
  const open = async (): Promise<Subject> => {
    planted ??= contractDataset();
    const data = dataset ?? (await planted);
    const model = buildSmall(definition, data, options);
    return {
      definition,
      dataset: data,
      model,
      trained: once(() => train(model, data, smallTraining(SHORT))),
    };
  };
  return CHECKS.map((check) => ({
    name: check.name,
    run: async () => {
      subject ??= open();
      await check.run(await subject);
    },
  }));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
