// Tables of models and of the options of one.
import type { OptionLine } from '../../config/schema-options.js';
import { nextCommand } from '../terminal/next-command.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';

interface DescribedModel {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionLine[];
}

export function renderModels(
  { models }: { readonly models: readonly DescribedModel[] },
  style: Style,
): string {
  const rows = models.map(({ name, summary, options }) => [name, String(options.length), summary]);
  return [
    table([{ title: 'model' }, { title: 'options', align: 'right' }, { title: 'what it is' }], rows, style),
    '',
    nextCommand('Options of one', 'models', models[0]!.name),
  ].join('\n');
}

export function renderModel({ name, summary, options }: DescribedModel, style: Style): string {
  const rows = options.map((option) => [
    option.key,
    option.type,
    option.default ?? (option.required ? 'required' : 'none'),
    option.summary ?? '',
  ]);
  return [
    `${style.chalk.bold(name)}  ${summary}`,
    '',
    table([{ title: 'option' }, { title: 'takes' }, { title: 'default' }, { title: 'meaning' }], rows, style),
    '',
    nextCommand('Try it on made-up data', 'train', 'synthetic', '--model', name),
  ].join('\n');
}
