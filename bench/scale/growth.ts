// How time and memory grow with the length of a log: measured, and named for what it is.
import { isUsual, type ScaleRow, STAGES } from './scale-row.js';

interface StageGrowth {
  readonly stage: ScaleRow['stage'];
  /** Events of the two longest logs. */
  readonly from: number;
  readonly to: number;
  /** Times as much at the longer one. */
  readonly time: number;
  readonly memory: number;
  /** The powers of the number of events that this is: of time 1 is linear, of memory 0 flat. */
  readonly timePower: number;
  readonly memoryPower: number;
}

/** Powers up to which time is called linear, and memory flat: by 12 % more than that at ten times the length. */
const [LINEAR, FLAT] = [1.05, 0.05];

/** Of each stage on the two longest logs of the usual shape; nothing of fewer than two. */
export function growthOf(rows: readonly ScaleRow[]): readonly StageGrowth[] {
  return STAGES.flatMap((stage) => {
    const [longest, before] = rows
      .filter((row) => row.stage === stage && isUsual(row.shape))
      .sort((a, b) => b.events - a.events);
    if (longest === undefined || before === undefined) return [];
    const time = longest.run.cpuSeconds / before.run.cpuSeconds;
    const memory = longest.run.peakMb / before.run.peakMb;
    const length = Math.log(longest.events / before.events);
    const powers = { timePower: Math.log(time) / length, memoryPower: Math.log(memory) / length };
    return [{ stage, from: before.events, to: longest.events, time, memory, ...powers }];
  });
}

const millions = (events: number): string => `${Number((events / 1e6).toPrecision(3))} M`;

export function growthSentence(growth: StageGrowth): string {
  const { stage, from, to, time, memory, timePower, memoryPower } = growth;
  const linear = timePower <= LINEAR ? 'linear or less' : `more than linear, events^${timePower.toFixed(2)}`;
  const flat = memoryPower <= FLAT ? 'flat' : `not flat, events^${memoryPower.toFixed(2)}`;
  return `${stage}, ${millions(from)} to ${millions(to)} events: processor time × ${time.toFixed(2)} (${linear}), peak memory × ${memory.toFixed(2)} (${flat})`;
}
