// The site: every page has a place in it, and every link of a page leads to a file and a heading that are there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchor } from '../../tools/site/src/anchors.js';
import { GROUPS } from '../../tools/site/src/pages.js';
import { ROOT } from '../cli/run-limaml.js';

const inDocs = (readdirSync(join(ROOT, 'docs'), { recursive: true }) as string[])
  .filter((file) => file.endsWith('.md') && !/^api[\\/]/.test(file))
  .map((file) => `docs/${file}`);
const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...inDocs];
const texts = new Map(pages.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));

/** Without what stands in code, where brackets and hashes mean other things. */
const prose = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '`');

function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const headings = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6} (.*)$/gm)];
  return new Set(
    headings.map(([, heading]) => {
      const name = anchor(heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return before === 0 ? name : `${name}-${before}`;
    }),
  );
}

/** Links of a page that lead nowhere. */
function broken(file: string, text: string): readonly string[] {
  const links = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  return links
    .filter((link) => !/^(https?|mailto):/.test(link))
    .filter((link) => {
      const [path = '', fragment] = link.split('#');
      const target = path === '' ? file : normalize(join(dirname(file), path));
      if (!existsSync(join(ROOT, target))) return true;
      return fragment !== undefined && !anchorsOf(texts.get(target) ?? '').has(fragment);
    })
    .map((link) => `${file}: ${link}`);
}

describe('the site', () => {
  it('has every page in its side bar, once', () => {
    const named = GROUPS.flatMap((group) => group.pages.map(([, file]) => file));
    expect([...named].sort()).toEqual([...pages].sort());
    expect(named.length).toBeGreaterThan(35);
    const titles = GROUPS.flatMap((group) => group.pages.map(([title]) => title));
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('has links that lead somewhere', () => {
    expect([...texts].flatMap(([file, text]) => broken(file, text))).toEqual([]);
    const all = [...texts.values()].flatMap((text) => prose(text).match(/\]\((?!https?:)[^)\s]+\)/g) ?? []);
    expect(all.length).toBeGreaterThan(60);
  });

  it('would notice a page or a heading that is not there', () => {
    const text =
      '[a](nowhere.md) [b](metrics.md#no-such-heading) [c](metrics.md#as-it-is-served) `[d](x.md)`';
    expect(broken('docs/page.md', text)).toEqual([
      'docs/page.md: nowhere.md',
      'docs/page.md: metrics.md#no-such-heading',
    ]);
    expect([...anchorsOf('# A `b` – c?\n## Twice\n## Twice\n')]).toEqual(['a-b--c', 'twice', 'twice-1']);
  });
});
