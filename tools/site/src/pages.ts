// Which pages the site has, in the order in which its side bar shows them. test/docs/site.test.ts holds this to docs/.

interface Group {
  readonly title: string;
  /** Heading of the page in the side bar, and its file from the root of the repository. */
  readonly pages: readonly (readonly [title: string, file: string])[];
}

export const GROUPS: readonly Group[] = [
  {
    title: 'Start here',
    pages: [
      ['What it is', 'README.md'],
      ['Tutorial: your own log', 'docs/tutorial.md'],
      ['Concepts', 'docs/concepts.md'],
      ['Glossary', 'docs/glossary.md'],
    ],
  },
  {
    title: 'How to',
    pages: [
      ['Describe a data set', 'docs/datasets.md'],
      ['Keep, find and prove runs', 'docs/experiments.md'],
      ['Tune with equal budgets', 'docs/sweeps.md'],
      ['Read the report', 'docs/report.md'],
      ['Serve a bundle', 'docs/serving.md'],
      ['Python, Spark and Ray', 'docs/spark.md'],
      ['Beyond one machine', 'docs/beyond-one-machine.md'],
      ['Scale', 'docs/scale.md'],
      ['Gate changes in CI', 'docs/ci.md'],
      ['Track with MLflow, TensorBoard', 'docs/tracking.md'],
      ['Bring a model of your own', 'docs/adding/model.md'],
    ],
  },
  {
    title: 'Stores',
    pages: [
      ['Overview', 'docs/stores/README.md'],
      ['Redis', 'docs/stores/redis.md'],
      ['PostgreSQL', 'docs/stores/postgres.md'],
      ['SQLite', 'docs/stores/sqlite.md'],
      ['Feast', 'docs/stores/feast.md'],
    ],
  },
  {
    title: 'What was found',
    pages: [
      ['The paper: what is known, what is ours', 'docs/paper.md'],
      ['Results', 'docs/RESULTS.md'],
      ['Results: KuaiRand-Pure', 'docs/RESULTS-kuairand-pure.md'],
      ['Results: MovieLens-100K', 'docs/RESULTS-movielens-100k.md'],
      ['Results: MovieLens-1M, a sample', 'docs/RESULTS-movielens-1m-sample.md'],
      ['Results: MovieLens-1M, half of the members', 'docs/RESULTS-movielens-1m-half.md'],
      ['Results: KuaiRand-Pure with history features', 'docs/RESULTS-kuairand-pure-history.md'],
      ['Models to compare with', 'docs/baselines.md'],
      ['The made-up data', 'docs/synthetic.md'],
      ['Reliability', 'docs/reliability.md'],
    ],
  },
  {
    title: 'Reference',
    pages: [
      ['Commands', 'docs/commands.md'],
      ['Recipes and descriptors', 'docs/configuration.md'],
      ['Metrics and intervals', 'docs/metrics.md'],
      ['Prepared data', 'docs/prepared-format.md'],
      ['Changelog', 'CHANGELOG.md'],
    ],
  },
  {
    title: 'Inside',
    pages: [
      ['Architecture', 'docs/architecture.md'],
      ['Engine', 'docs/engine.md'],
      ['Backends', 'docs/backends.md'],
      ['Decisions', 'docs/decisions.md'],
      ['Contributing', 'CONTRIBUTING.md'],
    ],
  },
  {
    title: 'Adding to limaml',
    pages: [
      ['A metric', 'docs/adding/metric.md'],
      ['An op', 'docs/adding/op.md'],
      ['An optimiser', 'docs/adding/optimizer.md'],
      ['A split', 'docs/adding/split.md'],
      ['A data set', 'docs/adding/dataset.md'],
      ['A store', 'docs/adding/store.md'],
      ['A backend', 'docs/adding/backend.md'],
      ['A command', 'docs/adding/command.md'],
    ],
  },
];
