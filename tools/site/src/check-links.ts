// Every link of the built site, held to the files and anchors that were built.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** @throws Error naming every link to a page, file or anchor that is not there, and every file that would be loaded from elsewhere. */
export function checkLinks(folder: string, base: string, pages: number): void {
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((file) =>
    file.endsWith('.html'),
  );
  if (files.length < pages) throw new Error(`the site has ${files.length} pages, and should have ${pages}`);
  const texts = new Map(files.map((file) => [join(folder, file), readFileSync(join(folder, file), 'utf8')]));
  const faults: string[] = [];
  for (const [file, text] of texts) {
    const from = relative(folder, file);
    for (const [, address] of text.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)) {
      if (/^(https?|mailto):/.test(address!)) continue;
      const [path = '', fragment = ''] = decodeURI(address!).split('#');
      const target = path === '' ? file : page(folder, base, dirname(file), path);
      if (target === undefined) faults.push(`${from}: ${address} is not there`);
      else if (fragment !== '' && !(texts.get(target) ?? '').includes(` id="${fragment}"`))
        faults.push(`${from}: ${address} has no such heading`);
    }
    for (const [, address] of text.matchAll(/<(?:script|img|link)\b[^>]*?\s(?:src|href)="(https?:[^"]*)"/g))
      faults.push(`${from}: would load ${address} from elsewhere`);
  }
  if (faults.length > 0) throw new Error(`links of the site:\n${faults.join('\n')}`);
}

function page(folder: string, base: string, from: string, path: string): string | undefined {
  const absolute = path.startsWith(base) ? join(folder, path.slice(base.length)) : join(from, path);
  return [absolute, `${absolute}.html`, join(absolute, 'index.html')].find(
    (file) => existsSync(file) && statSync(file).isFile(),
  );
}
