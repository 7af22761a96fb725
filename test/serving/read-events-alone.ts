// New events read against a descriptor alone, without a bundle around them.
import { Readable } from 'node:stream';
import type { RawInput } from '../../src/bundle/format/raw-input.js';
import { loggedDescriptor } from '../../src/prep/descriptor/logged.js';
import { type NewEvents, readNewEvents } from '../../src/serving/events/read-new-events.js';

/** What becomes of `content`: rows by entity, those of one in their order; features in the order of `inputs`, NULL where missing. */
export async function read(
  descriptor: unknown,
  content: string | Buffer,
  { inputs = [], name = 'new.csv' }: { inputs?: readonly Partial<RawInput>[]; name?: string } = {},
): Promise<
  Pick<NewEvents, 'form' | 'rows' | 'dropped' | 'entities' | 'sha256'> & {
    readonly values: readonly unknown[][];
  }
> {
  const adapt = inputs.map((input) => ({ side: 'event', ...input })) as readonly RawInput[];
  const { logged } = loggedDescriptor(descriptor);
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const events = await readNewEvents(Readable.from([bytes]), name, {
    descriptor: logged,
    inputs: { adapt, score: [] },
    adapt: null,
    history: null,
  });
  try {
    const values: unknown[][] = [];
    for await (const { rows, columns } of events.pieces())
      for (let row = 0; row < rows; row++)
        values.push(
          [...columns.values()].map((column) => {
            const value = column.values[row]!;
            return value === '' || Number.isNaN(value) ? null : value;
          }),
        );
    const { form, rows, dropped, entities, sha256 } = events;
    return { form, rows, dropped, entities, sha256, values };
  } finally {
    await events.close();
  }
}
