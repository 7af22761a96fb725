// The page around the sections: head, policy, contents. The policy allows one style sheet, known by its hash, and nothing else.
import { createHash } from 'node:crypto';
import { packageVersion } from '../../package-root.js';
import { Html, html } from '../html/safe-html.js';
import { STYLE } from './style.js';

interface PageParts {
  readonly title: string;
  readonly header: Html;
  readonly verdict: Html;
  readonly contents: readonly { readonly id: string; readonly title: string }[];
  readonly body: Html;
}

/** No script, no frame, no form, no font, no picture but the empty icon; nothing from anywhere. */
function contentSecurityPolicy(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

export function page({ title, header, verdict, contents, body }: PageParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(STYLE)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="limaml ${packageVersion()}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the report</a>
<div class="page">
<nav aria-label="Contents"><ol>
<li><a href="#verdict">Verdict</a></li>
${contents.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>\n`)}</ol></nav>
<main id="content">
<header>
${header}
</header>
<section id="verdict" aria-label="Verdict">
${verdict}
</section>
${body}
<footer><p>Written by limaml ${packageVersion()}. One file: it loads nothing and sends nothing.</p></footer>
</main>
</div>
</body>
</html>
`.markup;
}
