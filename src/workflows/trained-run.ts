// The run of a configuration: found where it is finished, taken up where it was interrupted, else trained.
import { runKey } from '../runs/config.js';
import { codeDigest } from '../runs/gather-provenance.js';
import { placeOf, type RunPlace } from '../runs/places.js';
import { findFinished, isInterrupted } from '../runs/reuse.js';
import { type TrainRunRequest, trainRun } from './train.js';

/**
 * Equal configurations by this very program are one run. Throws what `trainRun` throws.
 * @param name what is being trained, in notes
 */
export async function trainedRun(request: Omit<TrainRunRequest, 'resume'>, name: string): Promise<RunPlace> {
  const { runsFolder, recipe, dataset, progress } = request;
  const note = (text: string): void => progress({ kind: 'note', text: `${name}: ${text}` });
  const key = runKey(recipe, dataset.hash, codeDigest());
  const finished = findFinished(runsFolder, key, progress);
  if (finished !== undefined) {
    note(`run ${finished.id} of this data, options and seed is reused`);
    return finished;
  }
  const resume = isInterrupted(runsFolder, key, progress);
  note(resume ? 'an interrupted training is taken up' : 'not trained yet on this data, options and seed');
  return placeOf((await trainRun({ ...request, resume })).path);
}
