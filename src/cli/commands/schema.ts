// `limaml schema`: JSON Schemas for editors, and the page of all options.
import { defineCommand } from '../spec/command.js';

export const schemaCommand = defineCommand({
  name: 'schema',
  summary: 'Print the JSON Schema of recipes or descriptors, or the page of all their options.',
  description:
    'The same files are in schemas/ of the package; the first line of a recipe or descriptor that limaml writes names its schema, so that an editor with a YAML language server completes and checks it.',
  arguments: {
    what: {
      summary: 'recipe, descriptor, or page (docs/configuration.md)',
      choices: ['recipe', 'descriptor', 'page'],
    },
  },
  flags: {},
  examples: ['schema recipe > recipe.schema.json', 'schema page'],
  action: async ({ what }, io) => {
    if (what === 'page') {
      const { configurationPage } = await import('../../config/configuration-page.js');
      io.show({ page: configurationPage() }, ({ page }) => page.trimEnd());
      return;
    }
    const [{ jsonSchema }, { SCHEMA_FILES }, { UserError }] = await Promise.all([
      import('../../config/json-schemas.js'),
      import('../../schema-line.js'),
      import('../../errors.js'),
    ]);
    if (what !== 'recipe' && what !== 'descriptor')
      throw new UserError({
        code: 'SCHEMA_UNKNOWN',
        where: what,
        what: 'There is no such schema.',
        next: `One of: ${Object.keys(SCHEMA_FILES).join(', ')}, page.`,
      });
    io.show(jsonSchema(what), (schema) => JSON.stringify(schema, null, 2));
  },
});
