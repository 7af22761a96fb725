// Mermaid blocks go to the component that draws them.
import type { MarkdownRenderer } from 'vitepress';

export function diagrams(markdown: MarkdownRenderer): void {
  const fence = markdown.renderer.rules.fence!;
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const { info, content } = tokens[index]!;
    if (info.trim() !== 'mermaid') return fence(tokens, index, options, env, self);
    return `<Diagram source="${encodeURIComponent(content)}" name="diagram-${index}" />\n`;
  };
}
