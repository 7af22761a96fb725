"""Files of tensors (safetensors), and arrays as bytes between workers."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path

import numpy as np

from ..fault import ScriptError


Arrays = dict[str, np.ndarray]
TYPES = {"F32": np.float32, "I32": np.int32, "I64": np.int64, "U8": np.uint8}


def read_tensors(path: Path) -> Arrays:
    """Raises TRAINING_DAMAGED where the file is gone, or none of tensors."""
    try:
        data = path.read_bytes()
        length = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8 : 8 + length])
        return {
            name: np.frombuffer(
                data[8 + length :], TYPES[entry["dtype"]], math.prod(entry["shape"]), entry["data_offsets"][0]
            ).reshape(entry["shape"])
            for name, entry in header.items()
            if name != "__metadata__"
        }
    except (OSError, ValueError, LookupError, AttributeError, TypeError, struct.error) as error:
        raise damaged(path, error) from error


def damaged(path: Path, error: Exception) -> ScriptError:
    what = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return ScriptError("TRAINING_DAMAGED", str(path), f"It cannot be read ({what}): export again with limaml export --training.")


def write_tensors(path: Path, arrays: Arrays) -> None:
    header, offset = {}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    text = text.ljust(-(-len(text) // 8) * 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in arrays.values()))


def pack(loss: float, arrays: Arrays) -> bytes:
    """What a worker says of a step."""
    body = b"".join(array.tobytes() for array in arrays.values())
    header = json.dumps([loss, [[name, array.dtype.str, list(array.shape)] for name, array in arrays.items()]]).encode()
    return struct.pack("<Q", len(header)) + header + body


def unpack(data: bytes) -> tuple[float, Arrays]:
    length = struct.unpack("<Q", data[:8])[0]
    loss, entries = json.loads(data[8 : 8 + length])
    arrays, at = {}, 8 + length
    for name, kind, shape in entries:
        arrays[name] = np.frombuffer(data, kind, math.prod(shape), at).reshape(shape)
        at += arrays[name].nbytes
    return loss, arrays
