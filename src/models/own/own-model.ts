// Models of one's own: the default export of a file, known by the hash of its content.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { UserError } from '../../errors.js';
import { hashBytes } from '../../hash.js';
import type { ModelDefinition } from '../contract/definition.js';
import { MODELS } from '../registry.js';
import { guarded, messageOf, modelFault } from './guard.js';

interface OwnModel {
  readonly definition: ModelDefinition;
  readonly sha256: string;
  /** The file, as it was loaded. */
  readonly bytes: Uint8Array;
}

const EXTENSIONS = ['.js', '.mjs'];

/** Every file loaded so far, by the hash of its content: the same content is the same model. */
const LOADED = new Map<string, OwnModel>();
let hooked = false;

/** The model of a file that was loaded before. */
export function ownModel(sha256: string): OwnModel | undefined {
  return LOADED.get(sha256);
}

/**
 * Loads the model that a file exports. Throws MODEL_FILE_MISSING, MODEL_FILE_SHAPE for what is no model, MODEL_NAME_TAKEN, and
 * MODEL_FILE_FAULT for what the file itself throws. `shownAs` is the file as the user knows it.
 */
export async function loadOwnModel(file: string, shownAs: string): Promise<OwnModel> {
  const bytes = await readModelFile(file, shownAs);
  const sha256 = hashBytes(bytes);
  const known = LOADED.get(sha256);
  if (known !== undefined) return known;
  if (!hooked) register('./hooks.js', import.meta.url);
  hooked = true;
  let exported: unknown;
  try {
    ({ default: exported } = (await import(`${pathToFileURL(file).href}?limaml-model=${sha256}`)) as {
      default?: unknown;
    });
  } catch (error) {
    throw modelFault(shownAs, `It cannot be loaded: ${messageOf(error)}.`);
  }
  const loaded = { definition: guarded(asDefinition(exported, shownAs), shownAs), sha256, bytes };
  // Between reading and loading it may have been saved anew: then nobody knows which of the two this is.
  if (hashBytes(await readModelFile(file, shownAs)) !== sha256)
    throw modelFault(shownAs, 'It changed while it was loaded.');
  LOADED.set(sha256, loaded);
  return loaded;
}

async function readModelFile(file: string, shownAs: string): Promise<Uint8Array> {
  if (!EXTENSIONS.includes(extname(file)))
    throw shapeFault(shownAs, `A model's file is JavaScript and ends in ${EXTENSIONS.join(' or ')}.`);
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError({
      code: 'MODEL_FILE_MISSING',
      where: shownAs,
      what:
        code === 'ENOENT'
          ? 'There is no such file for a model.'
          : `The file of a model cannot be read: ${messageOf(error)}.`,
      next: 'A path under "from" is relative to the recipe.',
    });
  }
}

/** A model's definition, checked. Throws MODEL_FILE_SHAPE and MODEL_NAME_TAKEN. */
function asDefinition(exported: unknown, shownAs: string): ModelDefinition {
  if (exported === undefined) throw shapeFault(shownAs, 'It has no default export.');
  const given = (exported ?? {}) as Partial<ModelDefinition>;
  const fault =
    typeof given.name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(given.name)
      ? 'has no "name" of lower-case letters, digits and dashes'
      : typeof given.summary !== 'string'
        ? 'has no "summary"'
        : !['rows', 'episodes', 'counts'].includes(given.learns ?? '')
          ? 'says under "learns" neither "rows" nor "episodes" nor "counts"'
          : typeof given.build !== 'function'
            ? 'has no function "build"'
            : schemaFault(given.config);
  if (fault !== undefined) throw shapeFault(shownAs, `Its default export ${fault}.`);
  const definition = given as ModelDefinition;
  if (MODELS.some(({ name }) => name === definition.name))
    throw new UserError({
      code: 'MODEL_NAME_TAKEN',
      where: shownAs,
      what: `limaml has a model "${definition.name}" itself.`,
      next: 'Give the model of the file another name.',
    });
  return definition;
}

function schemaFault(config: unknown): string | undefined {
  try {
    z.toJSONSchema(config as z.ZodType, { io: 'input', unrepresentable: 'any' });
    return typeof (config as z.ZodType).safeParse === 'function'
      ? undefined
      : 'has no zod schema as its "config"';
  } catch {
    return 'has no zod schema as its "config"';
  }
}

function shapeFault(shownAs: string, what: string): UserError {
  return new UserError({
    code: 'MODEL_FILE_SHAPE',
    where: shownAs,
    what,
    next: 'Export what defineModel of limaml/models gives: export default defineModel({ … }).',
  });
}
