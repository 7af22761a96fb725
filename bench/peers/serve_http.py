"""The same bundle behind FastAPI: score.onnx and adapt.onnx through ONNX Runtime, tables in dictionaries.

    python serve_http.py --bundle DIR --port 18601

Needs fastapi, uvicorn, onnxruntime, pyarrow.
"""
import argparse
import json
import threading

import numpy as np
import onnxruntime as ort
import pyarrow.parquet as pq
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

parser = argparse.ArgumentParser()
parser.add_argument("--bundle", required=True)
parser.add_argument("--port", type=int, required=True)
options = parser.parse_args()

manifest = json.load(open(f"{options.bundle}/manifest.json"))
session_options = ort.SessionOptions()
session_options.intra_op_num_threads = 1
score, adapt = (
    ort.InferenceSession(f"{options.bundle}/{name}.onnx", session_options, providers=["CPUExecutionProvider"])
    for name in ("score", "adapt")
)


def table(name, key):
    try:
        rows = pq.read_table(f"{options.bundle}/{name}.parquet").to_pylist()
    except FileNotFoundError:
        return {}
    return {row.pop(key): row for row in rows}


vectors = {entity: np.array(row["vector"], np.float32) for entity, row in table("embeddings", "entity").items()}
side = {"entity": table("entities", "entity"), "item": table("items", "item")}
prior = np.array(json.load(open(f"{options.bundle}/prior.json"))["vector"], np.float32)
support = {}
for row in pq.read_table(f"{options.bundle}/support.parquet").to_pylist():
    row["timestamp_ms"] = row["timestamp_ms"] if isinstance(row["timestamp_ms"], int) else row["timestamp_ms"].timestamp() * 1000
    support.setdefault(row["entity"], []).append(row)
longest = manifest["model"]["maxSupport"]
writing = threading.Lock()


def tensor(kind, values, shape):
    if kind == "number":
        return np.array([np.nan if value is None else value for value in values], np.float64).reshape(shape)
    if kind == "categories":
        width = max([1] + [len(value or []) for value in values])
        padded = [[*(value or []), *[""] * (width - len(value or []))] for value in values]
        return np.array(padded, dtype=object).reshape(*shape, width)
    return np.array([value or "" for value in values], dtype=object).reshape(shape)


def value_of(row, entry):
    name = entry["name"]
    if name in row or entry["side"] == "event" or entry["kind"] == "id":
        return row.get(name)
    return side[entry["side"]].get(row[entry["side"]], {}).get(name)


app = FastAPI()


@app.post("/score")
async def score_rows(request: Request):
    rows = (await request.json())["rows"]
    feeds = {
        entry["name"]: tensor(entry["kind"], [value_of(row, entry) for row in rows], (len(rows),))
        for entry in manifest["inputs"]["score"]
    }
    feeds["vector"] = np.stack([vectors.get(row["entity"], prior) for row in rows])
    return JSONResponse({"probability": score.run(["probability"], feeds)[0].tolist()})


@app.post("/events")
async def add_events(request: Request):
    events = (await request.json())["events"]
    with writing:
        for event in events:
            entity = event["entity"]
            rows = sorted([*support.get(entity, []), event], key=lambda row: row["timestamp_ms"])[-longest:]
            support[entity] = rows
            feeds = {
                "support.label": np.array([[row["label"] for row in rows]], np.float32),
                "support.mask": np.ones((1, len(rows)), np.float32),
            }
            for entry in manifest["inputs"]["adapt"]:
                name = entry["name"]
                if entry["side"] == "entity":
                    feeds[name] = tensor(entry["kind"], [value_of({"entity": entity}, entry) or (entity if name == "entity" else None)], (1,))
                else:
                    feeds[f"support.{name}"] = tensor(entry["kind"], [value_of(row, entry) for row in rows], (1, len(rows)))
            wanted = {entry.name for entry in adapt.get_inputs()}
            vectors[entity] = adapt.run(["vector"], {k: v for k, v in feeds.items() if k in wanted})[0][0]
    return JSONResponse({"events": len(events)})


@app.get("/healthz")
async def healthz():
    return {"status": "ok"}


uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning")
