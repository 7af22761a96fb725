// A drawn chart as markup: only the elements and attributes that charts need, everything escaped, coordinates rounded.
// No style attributes and no style elements come through, so that the page's content security policy can forbid them.
import { InternalError } from '../../errors.js';
import { escapeHtml, Html } from './safe-html.js';

/** As much of a DOM node as is read here. */
export interface DrawnNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<DrawnNode>;
  readonly attributes?: ArrayLike<{ readonly name: string; readonly value: string }>;
}

export interface ChartText {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** What a reader sees in the chart, for who cannot see it. */
  readonly description: string;
}

const ELEMENTS = new Set(['svg', 'g', 'path', 'line', 'circle', 'rect', 'text', 'tspan', 'title']);
/** Left out with all they hold: the library's own style sheet. */
const DROPPED = new Set(['style']);
const NUMBERS = new Set(
  'd transform x y x1 x2 y1 y2 cx cy r rx ry width height dx dy stroke-width viewBox'.split(' '),
);
const ATTRIBUTES = new Set([
  ...NUMBERS,
  ...'fill fill-opacity stroke stroke-opacity stroke-dasharray stroke-linecap stroke-linejoin'.split(' '),
  ...'stroke-miterlimit opacity text-anchor font-size font-weight font-variant paint-order'.split(' '),
]);
/** Said by the page: the whole chart is one image with a title and a description. */
const SILENT = new Set(['class', 'aria-label', 'aria-hidden', 'font-family']);

/** Markup of a chart. Throws `InternalError` for anything that a chart of ours should not hold. */
export function serializeSvg(root: DrawnNode, { id, title, description }: ChartText): Html {
  if (nameOf(root) !== 'svg') throw new InternalError(`A chart is a ${root.nodeName}, not an svg.`);
  const box = attribute(root, 'viewBox') ?? '';
  const [, , width, height] = box.split(' ');
  const children = Array.from(root.childNodes, serialize).join('');
  return new Html(
    `<svg viewBox="${escapeHtml(box)}" width="${Number(width)}" height="${Number(height)}" role="img" aria-labelledby="${escapeHtml(id)}-t ${escapeHtml(id)}-d" text-anchor="middle" fill="currentColor">` +
      `<title id="${escapeHtml(id)}-t">${escapeHtml(title)}</title><desc id="${escapeHtml(id)}-d">${escapeHtml(description)}</desc>${children}</svg>`,
  );
}

const nameOf = (node: DrawnNode): string => node.nodeName.toLowerCase();

function attribute(node: DrawnNode, name: string): string | undefined {
  return Array.from(node.attributes ?? []).find((one) => one.name === name)?.value;
}

function serialize(node: DrawnNode): string {
  if (node.nodeType === 3) return escapeHtml(node.textContent ?? '');
  const name = nameOf(node);
  if (node.nodeType !== 1 || DROPPED.has(name)) return '';
  if (!ELEMENTS.has(name)) throw new InternalError(`A chart holds <${name}>, which is not allowed there.`);
  const attributes = Array.from(node.attributes ?? [], ({ name: key, value }) => {
    if (SILENT.has(key)) return '';
    if (!ATTRIBUTES.has(key))
      throw new InternalError(`A chart's <${name}> has the attribute ${key}, which is not allowed there.`);
    return ` ${key}="${escapeHtml(NUMBERS.has(key) ? rounded(value) : value)}"`;
  }).join('');
  const children = Array.from(node.childNodes, serialize).join('');
  return children === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${children}</${name}>`;
}

/** Numbers to a tenth of a pixel: no eye sees more, and a map of thousands of points becomes half as long. */
function rounded(value: string): string {
  return value.replace(/-?\d+\.\d+(?:e-?\d+)?/g, (number) =>
    String(Math.round(Number(number) * 10) / 10 + 0),
  );
}
