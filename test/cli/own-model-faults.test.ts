// Files that are no model, or fail as one: told as faults of the file, by the compiled program.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBuilt } from './in-process.js';
import { recipe, source } from './own-model-project.js';
import { type Project, smallProject } from './small-project.js';

let project: Project;
beforeAll(async () => {
  project = await smallProject();
});
afterAll(() => project.remove());

/** What the program says of a recipe with this model, the file beside it holding this text. */
async function refused(command: readonly string[], model: string, text?: string): Promise<string> {
  if (text !== undefined) await project.write('experiments/tiny/odd.js', text);
  await project.write('experiments/tiny/odd.yaml', recipe(model));
  const { code, stderr } = await runBuilt([...command, 'experiments/tiny/odd.yaml'], { cwd: project.path });
  expect({ code, stderr }).toMatchObject({ code: 2 });
  expect(stderr).not.toContain(' at '); // no stack
  return stderr;
}
const odd = '{ from: ./odd.js }';

describe('a file that is no model', () => {
  it.each([
    ['is not there', '{ from: ./none.js }', undefined, 'MODEL_FILE_MISSING', 'experiments/tiny/none.js'],
    ['is no JavaScript', '{ from: ./experiment.yaml }', undefined, 'MODEL_FILE_SHAPE', '.js or .mjs'],
    ['exports nothing', odd, 'export const a = 1;', 'MODEL_FILE_SHAPE', 'no default export'],
    [
      'exports something else',
      odd,
      'export default { name: "x", summary: "" };',
      'MODEL_FILE_SHAPE',
      '"learns"',
    ],
    ['has no name', odd, 'export default 3;', 'MODEL_FILE_SHAPE', '"name"'],
    [
      'has no schema',
      odd,
      'export default { name: "x", summary: "", learns: "rows", build() {}, config: {} };',
      'MODEL_FILE_SHAPE',
      'zod schema',
    ],
    ['throws', odd, 'throw new Error("no luck");', 'MODEL_FILE_FAULT', 'no luck'],
    ['does not parse', odd, 'export default {;', 'MODEL_FILE_FAULT', 'cannot be loaded'],
    [
      'imports a file beside it',
      odd,
      'import "./other.js"; export default 1;',
      'MODEL_FILE_FAULT',
      'stands alone',
    ],
    [
      'takes a name of limaml',
      odd,
      source().replaceAll("'straight'", "'deep'"),
      'MODEL_NAME_TAKEN',
      '"deep"',
    ],
    ['is named otherwise', '{ from: ./odd.js, name: curved }', source(), 'CONFIG_RULE', '"straight"'],
    ['has a path that is no text', '{ from: 3 }', undefined, 'CONFIG_BAD_VALUE', 'from: ./my-model.js'],
    [
      'gets an option it has not',
      '{ from: ./odd.js, batchRow: 3 }',
      source(),
      'CONFIG_UNKNOWN_KEY',
      '"batchRows"',
    ],
  ])('%s', async (_what, model, text, code, said) => {
    const stderr = await refused(['validate'], model, text);
    expect(stderr).toContain(`error ${code}`);
    expect(stderr).toContain(said);
  });
});

describe('a model that fails', () => {
  it.each([
    ['builds nothing', source().replace('return {', 'return null; return {'), 'no list'],
    [
      'stops in its build',
      source().replace('return {', 'throw new Error("stuck"); return {'),
      'build stopped: stuck',
    ],
    [
      'adapts to items',
      source().replace('adapts: []', "adapts: [{ side: 'item' }]"),
      'another side than "entity"',
    ],
    [
      'adapts two parts',
      source().replace('adapts: []', "adapts: [{ side: 'entity' }, { side: 'entity' }]"),
      'several parts that are adapted',
    ],
    ['stops in its logits', source().replace('sum(rows.straight', 'sum(rows.curved'), 'logits stopped'],
    [
      'gives logits of another width',
      source().replace(/sum\(rows.straight.*true\)/, 'rows.straight'),
      '1 is wanted',
    ],
    [
      'learns otherwise than it says',
      source().replace("learns: 'rows',", "learns: 'episodes',"),
      'by "rows", not by "episodes"',
    ],
  ])('%s', async (_what, text, said) => {
    const stderr = await refused(['train', '--data', 'raw', '--quiet'], odd, text);
    expect(stderr).toContain('error MODEL_FILE_FAULT');
    expect(stderr).toContain(said);
  });
});
