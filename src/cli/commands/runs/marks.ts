// `limaml runs tag`, `untag` and `note`: what people say of a run.
import { runArgument } from '../../spec/arguments.js';
import { defineCommand } from '../../spec/command.js';

export const runsTagCommand = defineCommand({
  name: 'tag',
  summary: 'Give a run a tag, by which every command finds it.',
  description:
    'A tag names one run of an experiment; given to another run, it moves. A tagged run is not removed by limaml runs rm. Where MLFLOW_TRACKING_URI names a server, the newest bundle of the run becomes a version of the model of its name there, with the tag as alias.',
  arguments: { run: runArgument, tag: { summary: 'for example production', completes: 'tag' } },
  flags: {},
  examples: ['runs tag latest production', 'runs tag best:auc@synthetic candidate'],
  action: async ({ run, tag }, io) => {
    const [{ findRun }, { tagRun }, { keepModel }, { bundlesOf }, { dirname }, { renderTagged }] =
      await Promise.all([
        import('../../../runs/find.js'),
        import('../../../runs/marks.js'),
        import('../../../exchange/live-model.js'),
        import('../../../workflows/found-bundles.js'),
        import('node:path'),
        import('../../render/run-marks.js'),
      ]);
    const place = findRun(run, io.cwd, io.progress);
    const { id, experiment, path } = place;
    const movedFrom = await tagRun(dirname(path), id, tag);
    await keepModel(place, { bundles: () => bundlesOf(id, io.cwd) }, io);
    io.show({ run: id, experiment, tag, movedFrom: movedFrom ?? null }, renderTagged);
  },
});

export const runsUntagCommand = defineCommand({
  name: 'untag',
  summary: 'Take a tag from a run.',
  arguments: { run: runArgument, tag: { summary: 'a tag that it has', completes: 'tag' } },
  flags: {},
  examples: ['runs untag candidate candidate'],
  action: async ({ run, tag }, io) => {
    const [{ findRun }, { untagRun }, { keepModel }, { renderUntagged }, { dirname }] = await Promise.all([
      import('../../../runs/find.js'),
      import('../../../runs/marks.js'),
      import('../../../exchange/live-model.js'),
      import('../../render/run-marks.js'),
      import('node:path'),
    ]);
    const place = findRun(run, io.cwd, io.progress);
    const { id, experiment, path } = place;
    await untagRun(dirname(path), id, tag);
    await keepModel(place, { bundles: async () => [], untagged: tag }, io);
    io.show({ run: id, experiment, tag }, renderUntagged);
  },
});

export const runsNoteCommand = defineCommand({
  name: 'note',
  summary: 'Write a note on a run; an empty text takes it away.',
  arguments: { run: runArgument, text: { summary: 'what to remember of it' } },
  flags: {},
  examples: ['runs note latest "shorter histories; try with more inner steps"', 'runs note latest ""'],
  action: async ({ run, text }, io) => {
    const [{ findRun }, { noteRun }, { renderNoted }, { dirname }] = await Promise.all([
      import('../../../runs/find.js'),
      import('../../../runs/marks.js'),
      import('../../render/run-marks.js'),
      import('node:path'),
    ]);
    const { id, experiment, path } = findRun(run, io.cwd, io.progress);
    await noteRun(dirname(path), id, text);
    io.show({ run: id, experiment, note: text === '' ? null : text }, renderNoted);
  },
});
