// What both sides of the end-to-end benchmark train: one statement, a recipe for us and flags for the Python peer.

export const MODELS = ['widedeep', 'limaml'] as const;
export type BenchModel = (typeof MODELS)[number];

export const LOGS = ['movielens', 'kuairand'] as const;
export type Log = (typeof LOGS)[number];

/** The same for all: what early stopping would make of it is not speed. */
const EPOCHS = 3;
const DROPOUT = 0.3;
const WEIGHT_DECAY = 1e-5;
/** Of wide & deep. */
const HIDDEN = [64, 32];
const ROW_RATE = 1e-3;

interface LogPlan {
  readonly recipe: Readonly<Record<string, unknown>>;
  readonly tasks: number;
  readonly support: number;
  readonly query: number;
  /** Learning rate of limaml. */
  readonly rate: number;
}

const PLANS: Readonly<Record<Log, LogPlan>> = {
  movielens: {
    recipe: {
      dataset: 'movielens-1m',
      prep: { data: 'ml-1m-half', split: { kind: 'per-entity-time', test: 0.2, valid: 0.1 } },
    },
    tasks: 32,
    support: 150,
    query: 100,
    rate: 1e-3,
  },
  kuairand: {
    recipe: {
      dataset: 'kuairand-pure',
      prep: {
        split: {
          kind: 'global-time',
          validFrom: '2022-05-05T00:00:00+08:00',
          testFrom: '2022-05-06T00:00:00+08:00',
        },
      },
    },
    tasks: 256,
    support: 60,
    query: 40,
    rate: 2e-3,
  },
};

/** The recipe of one model on one log: vectors stand still (what the peer does too), and nothing is trained again. */
export function recipeOf(log: Log, model: BenchModel): Readonly<Record<string, unknown>> {
  const { recipe, tasks, support, query, rate } = PLANS[log];
  const optimizer = (learningRate: number) => ({ learningRate, weightDecay: WEIGHT_DECAY });
  const common = { name: model, embedding: { size: 16, dropout: DROPOUT } };
  const options =
    model === 'widedeep'
      ? {
          ...common,
          hidden: HIDDEN,
          optimizer: optimizer(ROW_RATE),
          wide: { optimizer: optimizer(ROW_RATE) },
        }
      : {
          ...common,
          meta: { hidden: [64], size: 32 },
          global: { hidden: [64], interaction: true },
          inner: { steps: 3, rate: 1.5, loss: 'shrunk', shrinkage: 20 },
          episodes: { tasks, maxSupport: support, maxQuery: query, order: 'random' },
          optimizer: optimizer(rate),
        };
  return {
    name: log,
    ...recipe,
    model: options,
    training: { epochs: EPOCHS, patience: EPOCHS, refit: false },
    evaluation: { replay: { refresh: 'none' } },
  };
}

/** The same as flags of `bench/peers/end_to_end.py`. */
export function peerFlags(log: Log, model: BenchModel): readonly string[] {
  const { tasks, support, query, rate } = PLANS[log];
  const flags = {
    log,
    model,
    tasks,
    support,
    query,
    rate: model === 'widedeep' ? ROW_RATE : rate,
    epochs: EPOCHS,
    dropout: DROPOUT,
    'weight-decay': WEIGHT_DECAY,
    hidden: HIDDEN.join(','),
  };
  return Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
}
