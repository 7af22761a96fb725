// The test rows themselves, and how much is known of their entities when they are scored.
import type { ScoredRows } from '../evaluation/rows/scored-rows.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';
import type { RowRoles } from '../scoring/learning-rows.js';
import { type Replay, replayWindows } from '../scoring/replay.js';
import { countedSupport } from '../scoring/served-support.js';
import { lastTime } from '../scoring/support.js';
import { scoredEpisodes } from '../scoring/windows.js';

export type TestColumns = Required<
  Pick<
    ScoredRows,
    | 'entity'
    | 'item'
    | 'timestampMs'
    | 'label'
    | 'historyLength'
    | 'sinceLastMs'
    | 'vectorAgeMs'
    | 'itemEvents'
  >
> & {
  /** [rows] which training's model scores the row; the lowest is that of the run itself. */
  readonly training: Int32Array;
  /** [shards] the place of each shard's first test row. */
  readonly starts: readonly number[];
};

/** Columns of all test rows, shard by shard, entity by entity in time order, which is the order of scoring. */
export async function testColumns(
  dataset: PreparedDataset,
  roles: RowRoles,
  replay: Replay,
): Promise<TestColumns> {
  const { rows } = dataset.manifest.splits.test;
  const starts: number[] = [];
  const columns: TestColumns = {
    entity: new Int32Array(rows),
    item: new Int32Array(rows),
    timestampMs: new Float64Array(rows),
    label: new Uint8Array(rows),
    historyLength: new Int32Array(rows),
    sinceLastMs: new Float64Array(rows),
    vectorAgeMs: new Float64Array(rows),
    itemEvents: new Int32Array(rows),
    training: new Int32Array(rows),
    starts,
  };
  const policy = countedSupport(roles, SPLIT.test, replay);
  const windows = replayWindows(replay);
  const learned = await learnedEvents(dataset, roles);
  let at = 0;
  for (let index = 0; index < dataset.shardCount; index++) {
    const shard = await dataset.shard(index);
    starts.push(at);
    for (const { query, known, since, training } of scoredEpisodes(shard, SPLIT.test, policy, windows)) {
      const last = lastTime(known, { shard });
      query.forEach((row, i) => {
        const time = shard.timestampMs[row]!;
        columns.entity[at] = shard.entity[row]!;
        columns.item[at] = shard.item[row]!;
        columns.timestampMs[at] = time;
        columns.label[at] = shard.label[row]!;
        columns.historyLength[at] = known.length;
        columns.sinceLastMs[at] = time - last;
        columns.itemEvents[at] = learned[shard.item[row]!]!;
        columns.training[at] = training;
        columns.vectorAgeMs[at++] = time - since[i]!;
      });
    }
  }
  return columns;
}

/** [items] events of each item in the splits that are learned from. */
async function learnedEvents(dataset: PreparedDataset, { learn }: RowRoles): Promise<Int32Array> {
  const { train, valid } = await dataset.itemCounts();
  return learn.includes(SPLIT.valid) ? train.map((count, item) => count + valid[item]!) : train;
}
