// What stands before and between the rows of a file, and how it is encoded: read by the descriptor's word, or told by name.
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  allEvents,
  type Folder,
  plain,
  prep,
  type RawDescriptor,
  temporaryFolder,
  userErrors,
} from './prep-harness.js';

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

type Events = Partial<NonNullable<RawDescriptor['events']>>;
const HEADER = 'user,item,time,label';
const ROWS = ['a,Größe,1,1', 'b,y,2,0', 'a,z,3,1'];
const all = [HEADER, ...ROWS];

const seen = async (content: string | Uint8Array, { files = 'events.csv', ...events }: Events = {}) => {
  await folder.write(String(files), content);
  const { dataset } = await prep(folder, plain({ events: { files, ...events } }));
  return (await allEvents(dataset)).map(({ entity, item, ms }) => `${entity},${item},${ms / 1000}`).sort();
};
const WANTED = ['a,Größe,1', 'a,z,3', 'b,y,2'];

describe('read right:', () => {
  it.each<[string, readonly string[], Events]>([
    ['an empty first line', ['', ...all], {}],
    ['two lines to skip', ['report of a job', 'of 3 rows', ...all], { skip: 2 }],
    [
      'lines to skip, an empty one, and no header',
      ['report', '', ...ROWS],
      { skip: 1, header: false, columns: ['user', 'item', 'time', 'label'] },
    ],
    ['comments before the header', ['# of a job', '  # of 3 rows', ...all], { comment: '#' }],
    [
      'comments among the rows',
      [HEADER, ROWS[0]!, '# half, of, it, all', ROWS[1]!, ROWS[2]!],
      { comment: '#' },
    ],
    ['comments of two characters', ['// a job', ...all], { comment: '//' }],
    [
      'a header of another width, skipped',
      ['user,item,time', ...ROWS],
      { skip: 1, header: false, columns: ['user', 'item', 'time', 'label'] },
    ],
  ])('%s', async (_, lines, events) => {
    expect(await seen(`${lines.join('\n')}\n`, events)).toEqual(WANTED);
    expect(await seen(`${lines.join('\r\n')}\r\n`, events)).toEqual(WANTED);
  });

  it('a value with the mark of comments in it stays whole', async () => {
    const found = await seen('user,item,time,label\n# note\na,x #1,1,1\nb,#2,2,0\na,z,3,1\n', {
      comment: '#',
    });
    expect(found).toEqual(['a,x #1,1', 'a,z,3', 'b,#2,2']);
  });

  const text = `${all.join('\n')}\n`;
  const big = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  it.each<[string, Uint8Array, Events]>([
    ['UTF-16 with a mark', Buffer.from(`\ufeff${text}`, 'utf16le'), { encoding: 'utf-16' }],
    ['UTF-16 without one', Buffer.from(text, 'utf16le'), { encoding: 'utf-16' }],
    ['UTF-16, the high byte first', big, { encoding: 'utf-16' }],
    ['UTF-16, packed', gzipSync(big), { encoding: 'utf-16', files: 'events.csv.gz' }],
    ['Latin-1', Buffer.from(text, 'latin1'), { encoding: 'latin-1' }],
    ['Windows-1252', Buffer.from(text, 'latin1'), { encoding: 'windows-1252' }],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), {}],
  ])('%s', async (_, bytes, events) => {
    expect(await seen(bytes, events)).toEqual(WANTED);
  });

  it('what Windows-1252 has and Latin-1 has not', async () => {
    const bytes = Buffer.from('user,item,time,label\na,\x80\x93x\x94,1,1\na,y,2,0\n', 'latin1');
    expect(await seen(bytes, { encoding: 'windows-1252' })).toEqual(['a,y,2', 'a,€“x”,1']);
  });

  it('the mark of UTF-8 before a row, where only the careful reader knows what is a row', async () => {
    const columns = { header: false, columns: ['user', 'item', 'time', 'label'] as [string, ...string[]] };
    const text = `\ufeff"a",Größe,1,1\n# among the rows\n${ROWS[1]}\n${ROWS[2]}\n`;
    expect(await seen(text, { ...columns, comment: '#' })).toEqual(WANTED);
  });
});

describe('told, with the line as the file has it:', () => {
  const where = async (content: string | Uint8Array, events: Events = {}) => {
    await folder.write('events.csv', content);
    const input = plain({ events: { files: 'events.csv', ...events } });
    return (await userErrors(prep(folder, input))).map(({ code, where }) => `${code} ${where}`);
  };

  it('a bad row after skipped lines and comments', async () => {
    const lines = ['report', '# job', HEADER, ROWS[0], '# more', 'b,y,soon,1'];
    expect(await where(`${lines.join('\n')}\n`, { skip: 1, comment: '#' })).toEqual([
      'DATA_BAD_ROW events.csv:6 column "time"',
    ]);
    expect(
      await where(`${lines.map((line) => `${line}\r\n`).join('')}`, { skip: 1, comment: '#' }),
    ).toHaveLength(1);
  });

  it('a bad row of UTF-16', async () => {
    expect(
      await where(Buffer.from(`\ufeff${HEADER}\n\na,x,soon,1\n`, 'utf16le'), { encoding: 'utf-16' }),
    ).toEqual(['DATA_BAD_ROW events.csv:3 column "time"']);
  });

  it('UTF-16 that is none, or that the descriptor does not speak of', async () => {
    expect(await where(Buffer.from(`\ufeff${all.join('\n')}\n`, 'utf16le'))).toEqual([
      'DATA_OTHER_FORMAT events.csv:1',
    ]);
    const odd = Buffer.concat([Buffer.from(`\ufeff${all.join('\n')}\n`, 'utf16le'), Buffer.from([0x61])]);
    expect(await where(odd, { encoding: 'utf-16' })).toEqual(['DATA_ENCODING events.csv']);
  });

  it('a wrong delimiter, once, with the right one', async () => {
    const semicolons = all.join('\n').replaceAll(',', ';');
    expect(await where(`${semicolons}\n`)).toEqual(['DATA_MISSING_COLUMN events.csv:1']);
    const [error] = await userErrors(prep(folder, plain()));
    expect(error?.what).toContain('"user", "item", "time", "label"');
    expect(error?.next).toContain('";"');
    const listed: Events = { header: false, columns: ['user', 'item', 'time', 'label'] };
    expect(await where(`${Array(30).fill('a;x;1;1').join('\n')}\n`, listed)).toEqual([
      'DATA_OTHER_WIDTH events.csv',
    ]);
    expect(await where(`${HEADER}\n${Array(30).fill('1,a,x,1,1').join('\n')}\n`)).toEqual([
      'DATA_OTHER_WIDTH events.csv',
    ]);
  });

  it('columns that lack, of all files at once', async () => {
    await folder.write('users.csv', 'id,age\na,3\n');
    await folder.write('events.csv', 'who,item,when,label\na,x,1,1\n');
    const errors = await userErrors(
      prep(
        folder,
        plain({
          tables: { users: { files: 'users.csv', key: 'user', on: 'entity' } },
          features: [{ name: 'city', side: 'entity', kind: 'categorical' }],
        }),
      ),
    );
    expect(errors.map(({ what }) => what)).toEqual([
      'There is no column "user", "time"; the file has who, item, when, label.',
      'There is no column "user", "city"; the file has id, age.',
    ]);
  });
});
