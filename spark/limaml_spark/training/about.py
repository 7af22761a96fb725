"""What an exported training says of itself."""

from __future__ import annotations

import json
from pathlib import Path

from ..fault import ScriptError
from ..json import Json
from .tensors import damaged


def read_about(folder: Path) -> Json:
    """training.json. Raises TRAINING_MISSING, TRAINING_VERSION, and TRAINING_DAMAGED where it or a file that it names is not there whole."""
    path = folder / "training.json"
    if not path.is_file():
        raise ScriptError("TRAINING_MISSING", str(folder), "No exported training is there: limaml export --training writes one.")
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        kind, steps = (about["format"], about["version"]), about["steps"] if about.get("version") == 1 else []
        files = [step["file"] for step in steps]
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise damaged(path, error) from error
    if kind != ("limaml-training", 1):
        raise ScriptError("TRAINING_VERSION", str(path), f"This is {kind[0]} {kind[1]}, not limaml-training 1: export it again.")
    for name in ("train.onnx", "state.safetensors", *files):
        if not (folder / name).is_file():
            raise damaged(folder / name, FileNotFoundError("the file is missing"))
    return about
