// A Python that can run limaml_bundle.py: numpy and onnxruntime are what it needs.
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../cli/run-limaml.js';

/** Folder of the module and of the scripts beside it. */
export const SPARK = join(ROOT, 'spark');

const starts = (program: string): boolean =>
  spawnSync(program, ['-c', 'import numpy, onnxruntime'], { stdio: 'ignore' }).status === 0;

/** LIMAML_TEST_SPARK (which has pyspark too) or LIMAML_PYTHON, the first that has both modules; undefined where none is named: .ci/run names one. */
export const python = [process.env['LIMAML_TEST_SPARK'], process.env['LIMAML_PYTHON']].find(
  (program): program is string => program !== undefined && program !== '' && starts(program),
);

export const SKIPPED = `SKIPPED: limaml_bundle.py is not run, because neither LIMAML_TEST_SPARK nor LIMAML_PYTHON names a Python with numpy and onnxruntime.`;

/** Opens bundles, and answers requests of a bundle folder, an operation and its columns with what came out, or with the error's code. */
const DRIVER = `
import json, sys
import limaml_bundle as lb
import numpy as np

def plain(value):
    if isinstance(value, np.ndarray):
        return [plain(one) for one in value.tolist()]
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and value != value else value

def tables(given):
    return {side: lb.SideTable.of(side, columns) for side, columns in given.items()}

def answer(request):
    if request["op"] == "hash":
        return lb.canonical_json(request["value"])
    if request["op"] == "merge":
        found = lb.merge_support(*request["args"])
        return [found.kept, found.fresh, found.known]
    if request["op"] == "read":
        found, rows, lacking = lb.LogReader(request["manifest"]).read_events(request["columns"])
        return {"columns": {name: plain(column) for name, column in found.items()}, "rows": plain(rows), "lacking": lacking}
    bundle = lb.open_bundle(request["bundle"])
    if request["op"] == "unpack":
        return {"vectors": plain(bundle.unpack([bytes.fromhex(one) for one in request["stored"]]))}
    side = tables(request.get("tables", {}))
    if request["op"] == "adapt":
        found = bundle.adapt(request["columns"], side)
        return {"entity": list(found.entity), "vector": plain(found.vector), "support": plain(found.support), "last": plain(found.last_event_ms)}
    past = lb.Past(bundle.manifest, request["past"]) if "past" in request else None
    if request["op"] == "history":
        ms = np.array(request["ms"], float)
        return {name: plain(past.values(name, request["ids"][of], ms)) for name, of in request["of"].items()}
    vectors = {key: np.array(value, np.float32) for key, value in request["vectors"].items()} if "vectors" in request else None
    found = bundle.score(request["columns"], vectors, side, past, request.get("batch", 4096))
    return {"probability": plain(found.probability), "priors": found.priors}

out = []
for request in json.load(sys.stdin):
    try:
        out.append(answer(request))
    except lb.BundleError as error:
        out.append({"code": error.code, "where": error.where, "what": error.what})
json.dump(out, sys.stdout)
`;

/** The answers of one process to all requests. */
export function askPython(requests: readonly object[]): Promise<readonly Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PYTHONPATH: SPARK, PYTHONDONTWRITEBYTECODE: '1' };
    const child = execFile(python!, ['-c', DRIVER], { env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as Record<string, unknown>[]);
      else reject(new Error(stderr));
    });
    child.stdin!.end(JSON.stringify(requests));
  });
}
