// README.md of a bundle: what the files are, and how another language serves with them.
import { BUNDLE_FILES } from './format/files.js';
import type { GraphDescription, TensorDescription } from './format/graph-description.js';
import type { ManifestContent } from './format/manifest-schema.js';

/** The text of the file. */
export function bundleReadme(content: ManifestContent): string {
  const { model, parents, data, score, adapt } = content;
  const parts = [
    `# Serving bundle of \`${model.name}\``,
    `Run \`${parents.run}\` on data set \`${parents.dataset.name}\` (${parents.dataset.hash.slice(0, 12)}). \`${BUNDLE_FILES.manifest}\` names every file by its SHA-256 and describes every input.`,
    inputTable(score, 'Raw values of rows in, the probability of a click out.'),
  ];
  if (adapt !== null)
    parts.push(
      `Meta embeddings have ${model.dimensions} numbers. \`${BUNDLE_FILES.embeddings}\` holds one for each of ${data.entities} entities (\`entity\`, \`vector\`, \`support\`: rows it was adapted on, \`last_event_ms\`), from rows up to ${data.cutoffMs === null ? 'none' : new Date(data.cutoffMs).toISOString()}. \`${BUNDLE_FILES.support}\` keeps those rows.`,
      `\`${BUNDLE_FILES.prior}\` is the vector of an entity of which nothing is known. Where its features are known, \`${BUNDLE_FILES.adapt}\` with no support row (all of \`support.mask\` 0) gives a better one.`,
      inputTable(
        adapt,
        `Raw support rows in, the meta embedding out: the inner loop's gradient descent is inside. At most ${model.maxSupport} rows an entity, oldest first.`,
      ),
    );
  parts.push(
    '## In Python',
    `\`${BUNDLE_FILES.module}\` feeds the graphs by the rules of this bundle (numpy and onnxruntime alone; docs/spark.md of limaml says how). By hand:`,
    `\`\`\`python\n${snippet(content)}\n\`\`\``,
  );
  return `${parts.join('\n\n')}\n`;
}

function inputTable({ file, inputs, outputs }: GraphDescription, summary: string): string {
  const row = ({ name, dtype, shape, meaning }: TensorDescription): string =>
    `| \`${name}\` | ${dtype} [${shape.join(', ')}] | ${meaning.replaceAll('|', '\\|')} |`;
  return [
    `## ${file}`,
    '',
    summary,
    '',
    '| input | type | meaning |',
    '|---|---|---|',
    ...inputs.map(row),
    '',
    `Output: ${outputs.map(({ name, shape }) => `\`${name}\` [${shape.join(', ')}]`).join(', ')}.`,
  ].join('\n');
}

/** Python that makes floats of a stored vector `v`. */
const READ = {
  float32: 'np.array(v, dtype=np.float32)',
  float16: 'np.frombuffer(v, "<f2").astype(np.float32)',
  int8: 'np.frombuffer(v, np.int8, offset=4) * np.frombuffer(v, "<f4", 1)',
} as const;

function snippet({ score, adapt, vectors }: ManifestContent): string {
  const value = ({ name, dtype, shape }: TensorDescription): string => {
    if (name === 'vector') return `vectors.get("someone", prior)[None]`;
    const open = '['.repeat(shape.length);
    const close = ']'.repeat(shape.length);
    if (dtype === 'string') return `np.array(${open}"..."${close}, dtype=object)`;
    return `np.array(${open}0.0${close}, dtype=np.${dtype})`;
  };
  const feeds = score.inputs.map((input) => `    "${input.name}": ${value(input)},`);
  const look = [
    'import json',
    'import pyarrow.parquet as pq',
    `table = pq.read_table("${BUNDLE_FILES.embeddings}", columns=["entity", "vector"]).to_pydict()`,
    `vectors = {e: ${READ[vectors?.type ?? 'float32']} for e, v in zip(table["entity"], table["vector"])}`,
    `prior = np.array(json.load(open("${BUNDLE_FILES.prior}"))["vector"], dtype=np.float32)`,
  ];
  return [
    'import numpy as np',
    'import onnxruntime as ort',
    ...(adapt === null ? [] : look),
    `score = ort.InferenceSession("${BUNDLE_FILES.score}")`,
    'probability = score.run(["probability"], {',
    ...feeds,
    '})[0]',
  ].join('\n');
}
