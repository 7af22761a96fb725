// README is the first page of the site: links to it lead there.
import type { MarkdownRenderer } from 'vitepress';

export function startPage(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('start-page', ({ tokens }) => {
    for (const link of tokens
      .flatMap(({ children }) => children ?? [])
      .filter(({ type }) => type === 'link_open')) {
      const address = link.attrGet('href') ?? '';
      if (address.startsWith('../README.md')) link.attrSet('href', address.replace('README', 'index'));
    }
  });
}
