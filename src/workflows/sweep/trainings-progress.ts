// Many trainings, some of them at a time, as the progress of one piece of work.
import type { Progress } from '../../progress.js';

interface TrainingsProgress {
  /** For the training at a place: it moves the whole; what it says of itself is too much, but for warnings. */
  readonly of: (place: number) => Progress;
  readonly ended: (place: number) => void;
}

/** Tells `progress` how many of `total` trainings are done, those under way by their epochs. */
export function trainingsProgress(total: number, progress: Progress): TrainingsProgress {
  const shares = new Float64Array(total);
  const move = (place: number, share: number): void => {
    // A refit would begin at 0 again; nothing goes back.
    shares[place] = Math.max(shares[place]!, share);
    const done = shares.reduce((sum, one) => sum + one, 0);
    progress({ kind: 'step', done, total, unit: 'trainings' });
  };
  return {
    of: (place) => (event) => {
      if (event.kind === 'warning') progress(event);
      if (event.kind !== 'step' || event.within === undefined || event.total === 0) return;
      const { part, of } = event.within;
      move(place, (part - 1 + Math.min(1, event.done / event.total)) / of);
    },
    ended: (place) => move(place, 1),
  };
}
