"""Which descriptors are followed: what is not, is refused before a row is read."""

from __future__ import annotations

import re

from ..json import Json
from .fault import unsupported


SAFE_PATTERN = re.compile(
    r"(?:[^\\\[\](){}*+?|.^$]|\\[dw.+*?()\[\]{}|/^$\\-]|\[\^?[\w \-.,:;/]+\]|\((?:\?:|(?!\?))|\)|[*+?]|\{\d+(?:,\d*)?\}|[|.^$])*",
    re.ASCII,
)
ENCODINGS = {"utf-8": "UTF-8", "latin-1": "ISO-8859-1"}


def require_supported(descriptor: Json) -> None:
    """Raises SPARK_UNSUPPORTED for the first part of the descriptor that this program does not follow."""
    columns, split = descriptor["columns"], descriptor["split"]
    if isinstance(descriptor["events"]["files"], dict) or split["kind"] not in ("per-entity-time", "global-time"):
        unsupported("split.kind", f'Splits are made by time here, "per-entity-time" or "global-time", not "{split["kind"]}".')
    if columns["label"]["kind"] not in ("threshold", "values", "binary"):
        unsupported("columns.label", f'A label of kind "{columns["label"]["kind"]}" repeats or samples rows.')
    if "sourceOrder" in columns["timestamp"]:
        unsupported("columns.timestamp", "A log without times has no order on a cluster.")
    if columns["timestamp"]["unit"] == "format":
        unsupported("columns.timestamp", "Times by a strptime pattern are not read.")
    if descriptor["duplicates"] == "error" and split["kind"] not in ("per-entity-time", "global-time"):
        unsupported("duplicates", "Copies are looked for in splits that the log states.")
    for name, source in [
        ("events", descriptor["events"]),
        *((f"tables.{name}", table) for name, table in descriptor["tables"].items()),
    ]:
        if source["format"] == "jsonl":
            unsupported(f"{name}.format", "JSON lines are not read.")
        if source.get("skip") or source.get("comment"):
            unsupported(name, "Lines before or among the rows (skip, comment) are not left out.")
        if source["format"] == "csv" and source["encoding"] not in ENCODINGS:
            unsupported(f"{name}.encoding", f"Only {' and '.join(ENCODINGS)} are read.")
        if "" not in source["missing"]:
            unsupported(f"{name}.missing", "An empty text is always missing here.")
    for feature in descriptor["features"]:
        where = f"features.{feature['name']}"
        if feature["kind"] in ("elapsed", "history"):
            unsupported(where, f'Features of kind "{feature["kind"]}" are not computed.')
        if "written" in feature:
            unsupported(where, "Numbers as people write them are not read.")
        if "pattern" in feature and not SAFE_PATTERN.fullmatch(feature["pattern"]):
            unsupported(where, f"The pattern {feature['pattern']!r} may mean something else to Java's regular expressions.")
