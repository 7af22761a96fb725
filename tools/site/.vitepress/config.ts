// How the site is built: the repository's own pages where they lie, links held to what was written, search without a server.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { anchor } from '../src/anchors.js';
import { checkLinks } from '../src/check-links.js';
import { diagrams } from '../src/diagrams.js';
import { GROUPS } from '../src/pages.js';
import { startPage } from '../src/start-page.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Every folder of the repository but docs, and docs/api, which another program makes. */
const elsewhere = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'docs')
  .map(({ name }) => `${name}/**`);

const files = GROUPS.flatMap(({ pages }) => pages.map(([, file]) => file));
const address = (file: string): string => (file === 'README.md' ? '/' : `/${file.replace(/\.md$/, '')}`);

export default defineConfig({
  title: 'limaml',
  description: 'Personalise a deep recommender by meta-learning a part of it, and prove it.',
  lang: 'en-GB',
  // A site below a folder of a host: LIMAML_SITE_BASE=/limaml/
  base: process.env['LIMAML_SITE_BASE'] ?? '/',
  srcDir: '../..',
  srcExclude: [...elsewhere, 'docs/api/**'],
  outDir: 'dist',
  rewrites: { 'README.md': 'index.md' },
  metaChunk: true,
  markdown: {
    anchor: { slugify: anchor },
    headers: { level: [2, 3] },
    config: (markdown) => {
      diagrams(markdown);
      startPage(markdown);
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Tutorial', link: address('docs/tutorial.md') },
      { text: 'Concepts', link: address('docs/concepts.md') },
      { text: 'Commands', link: address('docs/commands.md') },
      { text: 'Results', link: address('docs/RESULTS.md') },
    ],
    sidebar: GROUPS.map(({ title, pages }) => ({
      text: title,
      collapsed: false,
      items: pages.map(([text, file]) => ({ text, link: address(file) })),
    })),
  },
  buildEnd: ({ outDir, site, pages }) => {
    const unknown = pages.filter((page) => !files.includes(page));
    if (unknown.length > 0)
      throw new Error(`pages that tools/site/src/pages.ts does not name: ${unknown.join(', ')}`);
    checkLinks(outDir, site.base, files.length);
  },
});
