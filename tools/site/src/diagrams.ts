// Mermaid blocks as pictures, drawn while the site is built, in the colours of the page.
import { renderMermaidSVG } from 'beautiful-mermaid';
import type { MarkdownRenderer } from 'vitepress';

export function diagrams(markdown: MarkdownRenderer): void {
  const fence = markdown.renderer.rules.fence!;
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const { info, content } = tokens[index]!;
    if (info.trim() !== 'mermaid') return fence(tokens, index, options, env, self);
    const drawn = renderMermaidSVG(content, { transparent: true });
    // As a string: a template of the page would lose the picture's own style sheet, and its last node with it.
    return `<div class="diagram" v-html="${markdown.utils.escapeHtml(JSON.stringify(drawn))}"></div>\n`;
  };
}
