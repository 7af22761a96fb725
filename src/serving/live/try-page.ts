// A page to try a server in a browser: one member, its events in, scores of items before and after.
import type { BundleManifest } from '../../bundle/format/manifest-schema.js';
import type { LiveField } from './json-rows.js';
import { eventFields, scoreFields } from './live-fields.js';

/** A row as one would type it: what must be there, and nothing else. */
function example(fields: readonly LiveField[]): Readonly<Record<string, unknown>> {
  const value = ({ name, kind, needs }: LiveField): unknown => {
    if (name === 'timestamp_ms') return Date.UTC(2030, 0, 1);
    if (name === 'label') return 1;
    if (needs !== 'value') return null;
    return kind === 'number' ? 0 : name;
  };
  return Object.fromEntries(
    fields.filter(({ needs }) => needs !== 'nothing').map((field) => [field.name, value(field)]),
  );
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

export function tryPage(manifest: BundleManifest): string {
  const box = (id: string, rows: unknown): string =>
    `<textarea id="${id}" rows="10" spellcheck="false">${escaped(JSON.stringify(rows, null, 1))}</textarea>`;
  const { model, hash, adapt } = manifest;
  const events =
    adapt === null
      ? ''
      : `<section><h2>Events</h2><p>What the member did; adapted at once.</p>${box('events', [example(eventFields(manifest))])}
<button id="send">Send events</button><output id="sent"></output></section>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>limaml: ${escaped(model.name)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
textarea { width: 100%; box-sizing: border-box; font: 13px/1.4 ui-monospace, monospace }
table { border-collapse: collapse; margin: 1rem 0 } th, td { padding: .2rem 1rem .2rem 0; text-align: right }
th:first-child, td:first-child { text-align: left } button { font: inherit; padding: .3rem 1rem } output { margin-left: 1rem }
</style></head><body>
<h1>${escaped(model.name)}</h1>
<p>Bundle <code>${hash.slice(0, 12)}</code> · <a href="/openapi.json">openapi.json</a> · <a href="/metrics">metrics</a></p>
<section><h2>Rows</h2><p>Scored before and after its events. Features of entities and items may be left out.</p>
${box('rows', [example(scoreFields(manifest))])}
<button id="score">Score</button><output id="scored"></output>
<table><thead><tr><th>row</th><th>before</th><th>now</th><th>Δ</th></tr></thead><tbody id="scores"></tbody></table></section>
${events}
<script type="module">
const at = (id) => document.getElementById(id);
let before = [];
async function post(path, body) {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const read = await answer.json();
  if (!answer.ok) throw new Error([read.error.where, read.error.what].filter(Boolean).join(': '));
  return read;
}
async function score() {
  const { probability } = await post('/score', { rows: JSON.parse(at('rows').value) });
  at('scores').replaceChildren(...probability.map((now, i) => {
    const row = document.createElement('tr');
    const was = before[i];
    for (const text of [String(i), was?.toFixed(4) ?? '', now.toFixed(4), was === undefined ? '' : (now - was).toFixed(4)])
      row.append(Object.assign(document.createElement('td'), { textContent: text }));
    return row;
  }));
  before = probability;
}
const told = (output, work) => async () => {
  at(output).textContent = '';
  try { at(output).textContent = (await work()) ?? ''; } catch (error) { at(output).textContent = error.message; }
};
at('score').onclick = told('scored', score);
at('send')?.addEventListener('click', told('sent', async () => {
  const { events, known, adapted } = await post('/events', { events: JSON.parse(at('events').value) });
  await score();
  return events + ' events, ' + known + ' known, ' + adapted + ' vectors adapted';
}));
</script></body></html>
`;
}
