"""Serves a bundle that `limaml export` wrote: raw values in, meta embeddings and probabilities out.

Standard library, numpy and onnxruntime only. Every bundle carries this file; docs/spark.md has examples.

    bundle = open_bundle("bundle")
    adapted = bundle.adapt(support, tables)            # rows of members, oldest first -> a vector a member
    scored = bundle.score(rows, vectors, tables)       # rows and vectors -> probabilities

Columns are mappings from a name to values, one a row: lists, or numpy arrays. What is missing is None, NaN or "".
What `limaml score` and `limaml refresh` refuse is refused here too, by a `BundleError`; and so, by name, is what this
module does not read (times by a strptime pattern, numbers as people write them, regular expressions of one engine only).
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, Literal, NoReturn, Union

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

FORMAT = "limaml-bundle"
VERSIONS = (3, 4)
"""Versions of the format that are read; this file came with the fourth."""

Columns = Mapping[str, Sequence[Any]]
Text = Sequence[str]
Texts = Sequence[list[str]]
Numbers = NDArray[np.float64]
Column = Union[Text, Texts, Numbers]
Vectors = NDArray[np.float32]
Kind = Literal["text", "texts", "number"]
Manifest = Mapping[str, Any]

TILE_ROWS = 4096
"""Most support rows, padding included, of one run of adapt.onnx."""
_MOST_VALUES = 1_000_000
_LARGEST = 3.4028234663852886e38
_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004"
    "\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_MS_RANGE = (-2208988800000, 7258118400000)
"""1900 to 2200: other times are taken for a wrong unit."""


class BundleError(Exception):
    """What cannot be served: a code, where, what, and what to do next."""

    def __init__(self, code: str, where: str, what: str, next: str) -> None:
        super().__init__(f"{code}  {where}: {what} {next}")
        self.code, self.where, self.what, self.next = code, where, what, next

    def __reduce__(self) -> tuple[Any, ...]:
        return (BundleError, (self.code, self.where, self.what, self.next))


def _wrong(column: str, row: int, value: Any, reason: str) -> NoReturn:
    where = f"row {row} › {column}"
    raise BundleError("ROWS_BAD_VALUE", where, f"{str(value)[:100]!r} is {reason}.", "Mend the value.")


# --- the manifest ---------------------------------------------------------------------------------------------------


def _js_number(value: float) -> str:
    """A number as JavaScript writes it, in which manifests are hashed."""
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    sign, (digits, _, power) = "-" if value < 0 else "", f"{abs(value)!r}".partition("e")
    whole, _, fraction = digits.partition(".")
    fraction = "" if fraction == "0" else fraction
    point = len(whole) + int(power or 0)
    figures = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(figures)
    if 0 < point <= 21:
        text = figures.ljust(point, "0")
        return sign + (text[:point] + ("." + text[point:] if len(text) > point else ""))
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{figures}"
    rest = f".{figures[1:]}" if len(figures) > 1 else ""
    return f"{sign}{figures[0]}{rest}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, to the byte what limaml hashes."""
    if isinstance(value, dict):
        # JavaScript puts keys that are whole numbers first, and sorts by UTF-16.
        keys = sorted(
            value, key=lambda key: (0, int(key), b"") if re.fullmatch(r"0|[1-9]\d{0,8}", key) else (1, 0, key.encode("utf-16-be"))
        )
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{canonical_json(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical_json, value)) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _js_number(value)
    return json.dumps(value, ensure_ascii=False)


def read_manifest(text: bytes | str, where: str = "manifest.json") -> dict[str, Any]:
    """Reads `manifest.json`. Raises BundleError BUNDLE_DAMAGED, BUNDLE_VERSION or BUNDLE_STORE."""
    again = "Restore it, or export the run again."
    try:
        manifest = json.loads(text)
        version = (manifest.get("format"), manifest.get("version"))
    except (ValueError, AttributeError) as error:
        raise BundleError("BUNDLE_DAMAGED", where, f"The manifest cannot be read: {error}.", again) from error
    if version[0] != FORMAT or version[1] not in VERSIONS:
        what = f'The format is "{version[0]}" version {version[1]}; this module reads "{FORMAT}" versions {VERSIONS}.'
        raise BundleError(
            "BUNDLE_VERSION", where, what, "Take limaml_bundle.py out of the bundle itself, or export the run again."
        )
    body = {key: value for key, value in manifest.items() if key != "hash"}
    if hashlib.sha256(canonical_json(body).encode()).hexdigest() != manifest.get("hash"):
        raise BundleError("BUNDLE_DAMAGED", where, "The manifest is not as it was written: its hash does not match.", again)
    if manifest["store"] != "parquet":
        raise BundleError(
            "BUNDLE_STORE",
            where,
            f'The bundle is kept in "{manifest["store"]}"; this module reads parquet.',
            "Export the run again.",
        )
    return dict(manifest)


# --- raw values -----------------------------------------------------------------------------------------------------


def _is_missing(value: Any) -> bool:
    return (
        value is None
        or (isinstance(value, (float, np.floating)) and math.isnan(value))
        or type(value).__name__ in ("NAType", "NaTType")
    )


def _text(value: Any, column: str, row: int) -> str:
    """The trimmed text of one value; "" where it is missing."""
    if isinstance(value, str):
        text = value.strip(_SPACE)
        if "\0" in text:
            _wrong(column, row, value, "a text with a NUL")
        if text[:1] in ("\x1d", "\x1e", "\x1f") and text:
            _wrong(column, row, value, "a list or an object that was made a text: pass the list")
        return text
    if _is_missing(value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    _wrong(column, row, value, f"no text: how a {type(value).__name__} is written is not said. Pass texts or whole numbers")


def _each_text(values: Sequence[Any], column: str, clean: Callable[[str], str] = str) -> Text:
    """Texts of values, `clean` applied once to each that differs."""
    known: dict[str, str] = {}
    try:
        distinct = set(values)
    except TypeError:  # A list among them, which is no text.
        distinct = {None}
    if all(type(value) is str for value in distinct):
        known = {value: clean(_text(value, column, values.index(value) if isinstance(values, list) else 0)) for value in distinct}
        return [known[value] for value in values]
    return [clean(_text(value, column, row)) for row, value in enumerate(values)]


def _without(missing: frozenset[str]) -> Callable[[str], str]:
    return lambda text: "" if text in missing else text


def _each_list(values: Sequence[Any], column: str, missing: frozenset[str], separator: str, most: int) -> Texts:
    """Lists of texts: members of a list, or what `separator` parts; each once, the first `most`."""
    known: dict[str, list[str]] = {}

    def members(value: Any, row: int) -> list[str]:
        if isinstance(value, (list, tuple, np.ndarray)):
            parts = [_text(part, column, row) for part in value]
        else:
            text = _without(missing)(_text(value, column, row))
            parts = [part.strip(_SPACE) for part in text.split(separator)]
        return list(dict.fromkeys(part for part in parts if part))[:most]

    out: list[list[str]] = []
    for row, value in enumerate(values):
        if type(value) is str:
            if value not in known:
                known[value] = members(value, row)
            out.append(known[value])
        else:
            out.append(members(value, row))
    return out


def _each_number(values: Sequence[Any], column: str, missing: frozenset[str] = frozenset({""})) -> Numbers:
    """Numbers as 64-bit floats, NaN where missing. Raises ROWS_BAD_VALUE for what is none, or infinite."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        numbers = values.astype(np.float64)
    else:
        numbers = np.empty(len(values), np.float64)
        for row, value in enumerate(values):
            if isinstance(value, str):
                text = value.strip(_SPACE)
                if text not in missing and not _NUMBER.fullmatch(text):
                    _wrong(column, row, value, "not a number")
                numbers[row] = math.nan if text in missing else float(text)
            elif _is_missing(value):
                numbers[row] = math.nan
            elif isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
                numbers[row] = value
            else:
                _wrong(column, row, value, "not a number")
        if missing - {""}:
            numbers[[not isinstance(value, str) and str(value) in missing for value in values]] = math.nan
    wrong = np.flatnonzero(np.isinf(numbers))
    if wrong.size:
        _wrong(column, int(wrong[0]), values[wrong[0]], "not a number")
    return numbers


def _require_near(numbers: Numbers, column: str, spec: Mapping[str, Any] | None) -> None:
    """Raises where a number is past 32-bit floats once it is standardised as the graph does."""
    transform = None if spec is None else spec.get("transform")
    if transform is None:
        return
    held = np.sign(numbers) * np.log1p(np.abs(numbers)) if transform["log"] else numbers
    with np.errstate(invalid="ignore", over="ignore"):
        far = np.flatnonzero(np.abs((held - transform["mean"]) / transform["deviation"]) > _LARGEST)
    if far.size:
        _wrong(column, int(far[0]), numbers[far[0]], "past the range of 32-bit floats (±3.4e38) once it is standardised")


_SAFE_PATTERN = re.compile(
    r"(?:[^\\\[\](){}*+?|.^$]|\\[dw.+*?()\[\]{}|/^$\\-]|\[\^?[\w \-.,:;/]+\]|\((?:\?:|(?!\?))|\)|[*+?]|\{\d+(?:,\d*)?\}|[|.^$])*",
    re.ASCII,
)


def _cleaner(feature: Mapping[str, Any], fallback: bool) -> Callable[[str], str]:
    """First group of the feature's pattern, then its first characters. `fallback`: where the pattern finds nothing, the text stays."""
    pattern, prefix = feature.get("pattern"), feature.get("prefix")
    if pattern is None:
        return lambda text: text[:prefix]
    if not _SAFE_PATTERN.fullmatch(pattern):
        what = f"Python's regular expressions may read its pattern {pattern!r} otherwise than those that prepared the log."
        raise BundleError(
            "PATTERN_UNSUPPORTED", f"feature {feature['name']}", what, "Pass it cleaned, or use limaml score and limaml refresh."
        )
    compiled = re.compile(pattern, re.ASCII)

    def clean(text: str) -> str:
        found = compiled.search(text)
        cleaned = "" if found is None else (found.group(1) or "").strip(_SPACE)[:prefix]
        return text if fallback and cleaned == "" else cleaned

    return clean


_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)


def _iso_ms(value: Any, column: str, row: int) -> float:
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item()
    if isinstance(value, datetime):
        moment = value if value.tzinfo is not None else value.replace(tzinfo=timezone.utc)
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    else:
        text = _text(value, column, row)
        found = _ISO.fullmatch(text)
        if found is None:
            _wrong(column, row, value, "no time of the form 2026-01-31T12:00:00Z, the only one that this module reads")
        day, clock, fraction, zone = found.groups()
        try:
            moment = datetime.fromisoformat(
                f"{day}T{clock or '00:00:00'}{fraction.ljust(7, '0') if fraction else ''}{(zone or '+00:00').replace('Z', '+00:00')}"
            )
        except ValueError:
            _wrong(column, row, value, "not an ISO date or time")
    since = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return float((since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds) // 1000)


def _milliseconds(values: Sequence[Any], column: str, unit: str, missing: frozenset[str]) -> Numbers:
    """Milliseconds since 1970, NaN where missing. Raises ROWS_BAD_VALUE, and TIME_UNSUPPORTED for a strptime pattern."""
    if unit == "format":
        raise BundleError(
            "TIME_UNSUPPORTED",
            f"column {column}",
            "The log has times by a strptime pattern, which this module does not read.",
            'Pass "timestamp_ms" in its place.',
        )
    if unit == "iso":
        absent = [_is_missing(v) or (isinstance(v, str) and v.strip(_SPACE) in missing) for v in values]
        ms = np.array([math.nan if absent[row] else _iso_ms(value, column, row) for row, value in enumerate(values)], np.float64)
    elif unit == "ns":
        # A nanosecond has more digits than a float keeps.
        texts = _each_text(values, column, _without(missing))
        ms = np.array(
            [
                math.nan
                if t == ""
                else int(t) // 1_000_000
                if re.fullmatch(r"\d+", t)
                else _wrong(column, r, t, "not a number of nanoseconds")
                for r, t in enumerate(texts)
            ],
            np.float64,
        )
    else:
        numbers = _each_number(values, column, missing)
        scaled = {"s": numbers * 1000, "ms": numbers, "us": numbers / 1000}[unit]
        ms = np.floor(scaled) if unit == "us" else np.trunc(scaled + np.copysign(0.5, scaled))
    wrong = np.flatnonzero((ms < _MS_RANGE[0]) | (ms > _MS_RANGE[1]))
    if wrong.size:
        _wrong(column, int(wrong[0]), values[wrong[0]], f"no time in {unit} between the years 1900 and 2200")
    return ms


def _clock(feature: Mapping[str, Any], ms: Numbers) -> Text:
    """A part of the clock as text; "" where there is no time."""
    local = np.where(np.isnan(ms), 0, ms).astype(np.int64) + feature["utcOffsetMinutes"] * 60_000
    hour, weekday = local // 3_600_000 % 24, (local // 86_400_000 + 3) % 7 + 1
    part = {
        "hour": hour,
        "weekday": weekday,
        "hour_of_week": (weekday - 1) * 24 + hour,
        "month": local.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64) % 12 + 1,
    }[feature["part"]]
    return ["" if gone else str(value) for value, gone in zip(part.tolist(), np.isnan(ms).tolist())]


def input_kind(entry: Mapping[str, Any]) -> Kind:
    """How the values of an input are held."""
    return {"categories": "texts", "number": "number"}.get(entry["kind"], "text")  # type: ignore[return-value]


def missing_column(kind: Kind, rows: int) -> Column:
    """A column of missing values."""
    return np.full(rows, math.nan) if kind == "number" else [[] for _ in range(rows)] if kind == "texts" else [""] * rows


def pick(column: Column, rows: NDArray[np.int64], kind: Kind) -> Column:
    """The values of some rows; -1 gives a missing one."""
    return _ended(column, kind)[rows]


def _objects(values: Sequence[Any]) -> NDArray[Any]:
    """Values in an array of objects, which lists stay in."""
    return np.fromiter(values, object, len(values))


def _ended(column: Column, kind: Kind) -> NDArray[Any]:
    """A column with one more, missing, value at its end, which row -1 is."""
    if kind == "number":
        return np.append(column, math.nan)
    return _objects([*column, [] if kind == "texts" else ""])


# --- rows of a log ----------------------------------------------------------------------------------------------------


class LogReader:
    """Reads rows by the descriptor that the bundle carries, as `limaml score` and `limaml refresh` do."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        described = manifest["descriptor"]
        self.columns: Mapping[str, Any] | None = described.get("columns")
        self.events: Mapping[str, Any] = described.get("events") or {"missing": [""], "where": []}
        self.tables: Mapping[str, Any] = described.get("tables", {})
        self.features: dict[str, Mapping[str, Any]] = {feature["name"]: feature for feature in described.get("features", [])}
        self.once = described.get("duplicates") == "drop"

    def _source_missing(self, feature: Mapping[str, Any]) -> list[str]:
        source = feature.get("from") or ("events" if feature["side"] == "event" else "")
        of: Mapping[str, Any] = self.events if source == "events" else self.tables.get(source, {})
        return list(of.get("missing", []))

    def _id(self, side: str, columns: Columns, names: Sequence[str], missing: frozenset[str], logged: bool) -> Text:
        """IDs of one column, or of several joined so that none can be taken for another."""
        ids = (self.columns or {}).get("ids") if logged else None
        whole = ids == "whole" or (isinstance(ids, Mapping) and ids.get(side) == "whole")

        def bare(text: str, column: str, row: int) -> str:
            if text and not re.fullmatch(r"[+-]?\d+(\.0*)?", text, re.ASCII):
                _wrong(column, row, text, 'not a whole number, as "ids: whole" declares IDs to be')
            return re.sub(r"^\+?(-?\d+)\.0*$", r"\1", text)

        parts: list[Text] = []
        for name in names:
            values = columns[name]
            if whole:
                values = [repr(float(v)) if isinstance(v, (float, np.floating)) and not math.isnan(v) else v for v in values]
            texts = _each_text(values, name, _without(missing))
            parts.append([bare(text, name, row) for row, text in enumerate(texts)] if whole else texts)
        if len(parts) == 1:
            return parts[0]
        escaped = [[part.replace("\\", "\\\\").replace("|", "\\|") for part in texts] for texts in parts]
        return ["|".join(row) if all(row) else "" for row in zip(*escaped)]

    def _names_of(self, side: str) -> list[str]:
        named = (self.columns or {}).get(side, [])
        return [named] if isinstance(named, str) else list(named)

    def time_column(self) -> str | None:
        """The log's own column of the time; None for a log without a clock, or one that is not described."""
        return None if self.columns is None else self.columns["timestamp"].get("column")

    def row_time(self, columns: Columns) -> Numbers | None:
        """Milliseconds of rows, by the log's column or by `timestamp_ms`; None where there is neither."""
        column = self.time_column()
        missing = frozenset(self.events["missing"])
        if column is not None and column in columns:
            return _milliseconds(columns[column], column, self.columns["timestamp"]["unit"], missing)  # type: ignore[index]
        return _milliseconds(columns["timestamp_ms"], "timestamp_ms", "ms", missing) if "timestamp_ms" in columns else None

    def row_id(self, side: str, columns: Columns) -> Text | None:
        """IDs of rows to score; None where there is no column of them."""
        if side in columns:
            return _each_text(columns[side], side)
        names = self._names_of(side)
        if not names or any(name not in columns for name in names):
            return None
        return self._id(side, columns, names, frozenset(self.events["missing"]), True)

    def row_value(self, entry: Mapping[str, Any], columns: Columns) -> Column | None:
        """Values of one input for rows to score, under its own name or the log's; None where they lack it."""
        name, kind = entry["name"], input_kind(entry)
        if entry["kind"] == "id":
            return self.row_id(name, columns)
        feature = self.features.get(name)
        logged = feature.get("column", name) if feature is not None and feature["kind"] not in ("time", "history") else name
        column = name if name in columns else logged if logged in columns else None
        if column is None:
            if feature is not None and feature["kind"] == "time":
                ms = self.row_time(columns)
                return None if ms is None else _clock(feature, ms)
            return self._flags(feature, columns) if feature is not None and feature["kind"] == "multi" else None
        missing = frozenset(
            ["", *feature["missing"], *self._source_missing(feature)] if feature is not None and "missing" in feature else [""]
        )
        cleaned = feature if feature is not None and "missing" in feature and column == logged else None
        return self._value(columns[column], column, kind, missing, entry, cleaned, column == name)

    def _flags(self, feature: Mapping[str, Any], columns: Columns) -> Texts | None:
        flags = feature.get("flags")
        if flags is None or any(flag not in columns for flag in flags):
            return None
        on = [
            [
                text.lower() in ("1", "1.0", "true")
                for text in _each_text([str(v) if isinstance(v, (float, np.floating)) else v for v in columns[flag]], flag)
            ]
            for flag in flags
        ]
        return [[flag for flag, is_on in zip(flags, row) if is_on][: feature["max"]] for row in zip(*on)]

    def _value(
        self,
        values: Sequence[Any],
        column: str,
        kind: Kind,
        missing: frozenset[str],
        entry: Mapping[str, Any],
        feature: Mapping[str, Any] | None,
        own: bool,
    ) -> Column:
        if kind == "texts":
            multi = self.features.get(entry["name"], {})
            return _each_list(values, column, missing, multi.get("separator", "|"), multi.get("max", _MOST_VALUES))
        if feature is not None and feature.get("written") is not None:
            raise BundleError(
                "NUMBER_UNSUPPORTED",
                f"column {column}",
                "The log writes its numbers in a way of its own, which this module does not read.",
                "Pass numbers, under the feature's name.",
            )
        cleans = feature is not None and (feature.get("pattern") or feature.get("prefix"))
        if kind == "number":
            if cleans:
                values = _each_text(values, column, lambda text: _cleaner(feature, own)("" if text in missing else text))  # type: ignore[arg-type]
            numbers = _each_number(values, column, missing)
            _require_near(numbers, column, entry.get("spec"))
            return numbers
        keep = _without(missing)
        if not cleans:
            return _each_text(values, column, keep)
        clean = _cleaner(feature, own)  # type: ignore[arg-type]
        return _each_text(values, column, lambda text: clean(keep(text)) if keep(text) else "")

    # -- events --

    def _own_names(self, columns: Columns) -> tuple[list[str], bool]:
        """Columns that the log's form takes, and whether the events have it."""
        described = self.columns
        if described is None or "column" not in described["timestamp"]:
            return [], False
        label = described["label"]
        ids = [name for side in ("entity", "item") for name in self._id_names(side, columns)]
        names = [
            *ids,
            described["timestamp"]["column"],
            *self._label_columns(label),
            *(filter["column"] for filter in self.events["where"]),
        ]
        for entry in self.event_inputs():
            feature = self.features.get(entry["name"])
            if self._in_rows(feature):
                known = feature or {}
                names += known.get("flags") or [known.get("column", entry["name"])]
            elif feature is None or feature["kind"] != "time":
                names += [] if self._is_kept(entry["name"]) else [entry["name"]]
        has = all(name in columns for name in names) or (
            described["timestamp"]["column"] in columns and "timestamp_ms" not in columns
        )
        return names, has

    def _id_names(self, side: str, columns: Columns) -> list[str]:
        names = self._names_of(side)
        return names if all(name in columns for name in names) or side not in columns else [side]

    @staticmethod
    def _label_columns(label: Mapping[str, Any]) -> list[str]:
        if label["kind"] == "counts":
            return [label["positives"], label["total"]]
        return ["label"] if label["kind"] == "implicit" else [label["column"]]

    @staticmethod
    def _in_rows(feature: Mapping[str, Any] | None) -> bool:
        return (
            feature is not None
            and feature["kind"] not in ("history", "elapsed", "time")
            and (feature.get("from") or "events") == "events"
        )

    def _is_kept(self, name: str) -> bool:
        history = self.manifest["history"]
        return history is not None and any(feature["name"] == name for feature in history["features"])

    def event_inputs(self) -> list[Mapping[str, Any]]:
        """Features that a support row brings."""
        return [entry for entry in self.manifest["inputs"]["adapt"] if entry["side"] == "event"]

    def read_events(self, columns: Columns) -> tuple[dict[str, Column], NDArray[np.int64], list[str]]:
        """New events, in the log's columns or in those of support.parquet.

        Gives entity, item, timestamp_ms, label and event features; of each event the row that it is of (rows that the
        descriptor leaves out have none, one of several exposures has several); and the history features that are lacking.
        Raises BundleError EVENTS_COLUMN_MISSING, ROWS_BAD_VALUE and what is not supported by name.
        """
        names, logged = self._own_names(columns)
        lacking = [
            entry["name"] for entry in self.event_inputs() if self._is_kept(entry["name"]) and entry["name"] not in columns
        ]
        if not logged:
            own = {
                side: self._names_of(side)[0] if side not in columns and len(self._names_of(side)) == 1 else side
                for side in ("entity", "item")
            }
            names = [
                *own.values(),
                "timestamp_ms",
                "label",
                *(entry["name"] for entry in self.event_inputs() if not self._is_kept(entry["name"])),
            ]
        absent = [name for name in names if name not in columns]
        if absent:
            raise BundleError(
                "EVENTS_COLUMN_MISSING",
                "events",
                f'There is no column "{absent[0]}". Columns: {", ".join(columns)}.',
                "Events have the columns of support.parquet, or those of the log.",
            )
        count = len(next(iter(columns.values()))) if columns else 0
        kept = self._filtered(columns, count) if logged else np.ones(count, bool)
        rows = np.flatnonzero(kept)
        if not kept.all():
            columns = {name: _taken(columns[name], rows) for name in {*names, *(n for n in columns if n in self.features)}}
        missing = frozenset(self.events["missing"] if logged else [""])
        found: dict[str, Column] = {}
        for side in ("entity", "item"):
            of = self._id_names(side, columns) if logged else [own[side]]
            found[side] = self._id(side, columns, of, missing, logged and of == self._names_of(side))
            for row, text in enumerate(found[side]):
                if text == "":
                    _wrong(of[0], int(rows[row]), "", f"no {side}: the value is missing")
        time = self.columns["timestamp"] if logged else {"column": "timestamp_ms", "unit": "ms"}  # type: ignore[index]
        ms = _milliseconds(columns[time["column"]], time["column"], time["unit"], missing)
        if np.isnan(ms).any():
            _wrong(time["column"], int(rows[np.flatnonzero(np.isnan(ms))[0]]), "", "no time: the value is missing")
        if not logged and (ms < 1e11).any():
            _wrong(
                "timestamp_ms",
                int(rows[np.flatnonzero(ms < 1e11)[0]]),
                ms.min(),
                "no time in milliseconds since 1970 after 1973: seconds, perhaps",
            )
        found["timestamp_ms"] = ms
        for entry in self.event_inputs():
            if entry["name"] not in lacking:
                found[entry["name"]] = self._event_value(entry, columns, ms, logged)
        label = self.columns["label"] if logged else {"kind": "binary", "column": "label"}  # type: ignore[index]
        labels, copies = self._labels(label, columns, missing)
        found = {name: _taken(column, copies) for name, column in found.items()}
        found["label"] = labels
        return found, rows[copies], lacking

    def _event_value(self, entry: Mapping[str, Any], columns: Columns, ms: Numbers, logged: bool) -> Column:
        name = entry["name"]
        feature = self.features.get(name)
        if logged and feature is not None and feature["kind"] == "time":
            return _clock(feature, ms)
        source = self.events["missing"] if logged else [""]
        missing = frozenset([*source, *(feature or {}).get("missing", [])])
        if logged and feature is not None and self._in_rows(feature):
            flags = self._flags(feature, columns)
            if flags is not None:
                return flags
            column = feature.get("column", name)
            return self._value(columns[column], column, input_kind(entry), missing, entry, feature, False)
        return self._value(columns[name], name, input_kind(entry), missing, entry, None, True)

    def _filtered(self, columns: Columns, count: int) -> NDArray[np.bool_]:
        kept = np.ones(count, bool)
        for condition in self.events["where"]:
            texts = _each_text(
                [
                    repr(v) if isinstance(v, (float, np.floating)) and not math.isnan(v) else v
                    for v in columns[condition["column"]]
                ],
                condition["column"],
            )
            if condition.get("in") is not None:
                kept &= np.array([text in condition["in"] for text in texts], bool)
            if condition.get("notIn") is not None:
                kept &= np.array([text not in condition["notIn"] for text in texts], bool)
            numbers = np.array([float(text) if _NUMBER.fullmatch(text) else math.nan for text in texts])
            if condition.get("min") is not None:
                kept &= numbers >= condition["min"]
            if condition.get("max") is not None:
                kept &= numbers <= condition["max"]
        label = (self.columns or {}).get("label", {})
        if label.get("kind") == "values" and label["otherwise"] == "drop":
            known = {*label["positive"], *label["negative"]}
            texts = _each_text(columns[label["column"]], label["column"], _without(frozenset(self.events["missing"])))
            kept &= np.array([text in known for text in texts], bool)
        if label.get("kind") == "counts":
            kept &= ~(_each_number(columns[label["total"]], label["total"], frozenset(self.events["missing"])) == 0)
        return kept

    def _labels(self, label: Mapping[str, Any], columns: Columns, missing: frozenset[str]) -> tuple[Numbers, NDArray[np.int64]]:
        """Labels of events, and the row that each is of."""
        kind = "binary" if label["kind"] == "implicit" else label["kind"]
        column = self._label_columns(label)[0]
        values = columns[column]
        every = np.arange(len(values))
        if kind == "threshold":
            numbers = _each_number(values, column, missing)
            low, high = label.get("range") or (-math.inf, math.inf)
            wrong = np.flatnonzero(~((numbers >= low) & (numbers <= high)))
            if wrong.size:
                _wrong(column, int(wrong[0]), values[wrong[0]], f"not a number from {low:g} to {high:g}")
            return (numbers >= label["threshold"]).astype(np.float64), every
        if kind == "values":
            texts = _each_text(values, column, _without(missing))
            for row, text in enumerate(texts):
                if label["otherwise"] == "error" and text not in label["positive"] and text not in label["negative"]:
                    _wrong(column, row, text, "not one of the declared label values")
            return np.array([float(text in label["positive"]) for text in texts]), every
        if kind == "counts":
            clicks, total = (_each_number(columns[name], name, missing) for name in (label["positives"], label["total"]))
            for name, numbers in ((label["positives"], clicks), (label["total"], total)):
                wrong = np.flatnonzero(~((numbers >= 0) & (numbers == np.floor(numbers))))
                if wrong.size:
                    _wrong(name, int(wrong[0]), columns[name][wrong[0]], "not a count")
            if (clicks > total).any():
                _wrong(label["positives"], int(np.flatnonzero(clicks > total)[0]), "", f'more than "{label["total"]}"')
            copies = np.repeat(every, total.astype(np.int64))
            place = np.arange(len(copies)) - np.repeat(np.cumsum(total) - total, total.astype(np.int64))
            return (place < clicks[copies]).astype(np.float64), copies
        words = {"1": 1.0, "0": 0.0, "true": 1.0, "false": 0.0, "1.0": 1.0, "0.0": 0.0}
        texts = _each_text(
            [str(v) if isinstance(v, (float, np.floating)) and not math.isnan(v) else v for v in values],
            column,
            _without(missing),
        )
        for row, text in enumerate(texts):
            if text.lower() not in words:
                _wrong(column, row, values[row], "not a label (0, 1, true, false)")
        return np.array([words[text.lower()] for text in texts], np.float64), every


def _taken(values: Any, rows: NDArray[np.int64]) -> Any:
    return values[rows] if isinstance(values, np.ndarray) else [values[row] for row in rows.tolist()]


# --- support ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Merged:
    """Rows of a member in order: which are kept as support, and which events are new. `known`: events that were stored."""

    kept: list[int]
    fresh: list[int]
    known: int


def merge_support(
    stored: int, item: Sequence[str], timestamp_ms: Sequence[float], label: Sequence[float], most: int, once: bool
) -> Merged:
    """Merges a member's stored rows, the first `stored` ones, with new events, as `limaml refresh` does.

    An event with the item, time and label of a stored row is that row, as often as it is stored. With `once` repeated
    events are one. Where the stored rows were as many as are kept, an event no later than the oldest is one that they
    were cut from. The latest `most` are kept; of equal times stored ones come first, then events in their order.
    """
    keys = list(zip(timestamp_ms, label, item))
    left = Counter(keys[:stored])
    seen = set(left)
    fresh: list[int] = []
    known = 0
    for row in range(stored, len(keys)):
        key = keys[row]
        if left[key] > 0 or (once and key in seen):
            left[key] -= 1
            known += 1
            continue
        seen.add(key)
        if stored >= most and timestamp_ms[row] <= timestamp_ms[0]:
            continue
        fresh.append(row)
    rows = sorted([*range(stored), *fresh], key=lambda row: timestamp_ms[row])
    return Merged(rows[-most:], fresh, known)


@dataclass(frozen=True)
class SideTable:
    """Features of entities or of items: entities.parquet or items.parquet as columns, with the row of each ID."""

    row_of: Mapping[str, int]
    columns: Columns

    @staticmethod
    def of(side: str, columns: Columns) -> SideTable:
        return SideTable({key: row for row, key in enumerate(columns[side])}, columns)

    def rows(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """The row of each ID, -1 where it is not known."""
        of = self.row_of
        return np.array([of.get(key, -1) for key in ids], np.int64)

    def look_up(self, rows: NDArray[np.int64], entry: Mapping[str, Any]) -> Column:
        """Values of one input for rows of the table; missing for -1."""
        values = self.columns[entry["name"]]
        kind = input_kind(entry)
        if kind == "number":
            held: Column = _each_number(values, entry["name"])
        else:
            held = (
                _each_list(values, entry["name"], frozenset({""}), "|", _MOST_VALUES)
                if kind == "texts"
                else _each_text(values, entry["name"])
            )
        return pick(held, rows, kind)


Tables = Mapping[str, SideTable]


# --- history features ---------------------------------------------------------------------------------------------------


class Past:
    """The log's past by entity and by item: history.parquet as columns, and events that came later."""

    def __init__(self, manifest: Manifest, columns: Columns | None = None) -> None:
        if manifest["history"] is None:
            raise BundleError(
                "HISTORY_UNKNOWN",
                "manifest.json",
                "The bundle does not keep the log's past.",
                "Pass history features in columns of their names.",
            )
        self.history = manifest["history"]
        self._parts: dict[str, list[tuple[Text, Numbers, Numbers, Numbers]]] = {"entity": [], "item": []}
        self._index: dict[str, tuple[dict[str, int], NDArray[np.int64], NDArray[np.int64], int, int]] = {}
        if columns is not None:
            sides = np.array(columns["side"])
            for side, parts in self._parts.items():
                rows = np.flatnonzero(sides == side)
                numbers = (np.asarray(columns[name], np.float64)[rows] for name in ("timestamp_ms", "events", "clicks"))
                parts.append((_taken(list(columns["id"]), rows), *numbers))

    def add(self, entity: Text, item: Text, timestamp_ms: Numbers, label: Numbers) -> None:
        """Counts events that are new. Raises EVENTS_BEFORE_HISTORY for one of an instant before those counted."""
        cutoff = self.history["cutoffMs"]
        if cutoff is not None and (timestamp_ms < cutoff).any():
            row = int(np.flatnonzero(timestamp_ms < cutoff)[0])
            raise BundleError(
                "EVENTS_BEFORE_HISTORY",
                f"entity {entity[row]}",
                f"An event of {timestamp_ms[row]:.0f} is new, and the bundle has counted events up to {cutoff}: the past before is not kept.",
                "Give history features in columns, or export again.",
            )
        counted = np.flatnonzero(label == 1) if self.history["sampled"] else np.arange(len(label))
        for side, ids in (("entity", entity), ("item", item)):
            self._parts[side].append((_taken(ids, counted), timestamp_ms[counted], np.ones(len(counted)), label[counted]))
        self._index = {}

    def _of(self, side: str) -> tuple[dict[str, int], NDArray[np.int64], NDArray[np.int64], int, int]:
        """IDs by number; sorted keys (ID, instant); sums of events and clicks before each; the first instant, and the span."""
        if side not in self._index:
            parts = self._parts[side]
            ids = [key for part in parts for key in part[0]]
            number = {key: place for place, key in enumerate(dict.fromkeys(ids))}
            ms, events, clicks = (
                np.concatenate([part[i] for part in parts] or [np.empty(0)]).astype(np.int64) for i in (1, 2, 3)
            )
            first = int(ms.min()) - 1 if len(ms) else 0
            span = int(ms.max()) - first + 2 if len(ms) else 2
            keys = np.array([number[key] for key in ids], np.int64) * span + (ms - first)
            order = np.argsort(keys, kind="stable")
            sums = np.zeros((2, len(ids) + 1), np.int64)
            np.cumsum(events[order], out=sums[0, 1:])
            np.cumsum(clicks[order], out=sums[1, 1:])
            self._index[side] = (number, keys[order], sums, first, span)
        return self._index[side]

    def values(self, name: str, ids: Sequence[str], timestamp_ms: Numbers) -> Numbers:
        """One history feature of rows, each as of its own instant. Raises SCORE_HISTORY_TIME."""
        feature = next(one for one in self.history["features"] if one["name"] == name)
        cutoff = self.history["cutoffMs"]
        early = np.flatnonzero(~(timestamp_ms >= (-math.inf if cutoff is None else cutoff)))
        if early.size:
            what = f"The row is of {timestamp_ms[early[0]]}, and the bundle has counted events up to {cutoff}: the past before is not kept."
            raise BundleError("SCORE_HISTORY_TIME", f"row {early[0]}", what, f"Give {name} in a column, or rows of a later time.")
        number, keys, sums, first, span = self._of(feature["of"])
        until = max(1, round(feature["delayMinutes"] * 60_000))
        start = None if feature.get("days") is None else max(until, round(feature["days"] * 86_400_000))
        places = np.array([number.get(key, -1) for key in ids], np.int64)
        ms = timestamp_ms.astype(np.int64)

        def at(instant: NDArray[np.int64]) -> NDArray[np.int64]:
            found: NDArray[np.int64] = places * span + np.clip(instant - first, 0, span - 1)
            return found

        high = np.searchsorted(keys, at(ms - until), "right")
        low = np.searchsorted(keys, places * span if start is None else at(ms - start), "left")
        low, high = (np.where(places < 0, 0, found) for found in (low, high))
        events, clicks = (sums[i][high] - sums[i][low] for i in (0, 1))
        if feature["statistic"] == "count":
            return np.asarray(events, np.float64)
        if feature["statistic"] == "clicks":
            return np.asarray(clicks, np.float64)
        if feature["statistic"] == "rate":
            weight = feature["shrinkage"]
            total = events + weight
            return np.where(total == 0, math.nan, (clicks + weight * self.history["trainRate"]) / np.where(total == 0, 1, total))
        last = keys[np.maximum(high - 1, 0)] - places * span + first if len(keys) else ms
        return np.where(events > 0, (ms - last) / 86_400_000, math.nan)


# --- the bundle ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Adapted:
    """Vectors [members, size] of members in the order of their rows, the support rows of each, and the time of the latest."""

    entity: Text
    vector: Vectors
    support: NDArray[np.int64]
    last_event_ms: Numbers


@dataclass(frozen=True)
class Scored:
    """Probabilities [rows], and how many rows were scored with the prior."""

    probability: NDArray[np.float32]
    priors: int


class Bundle:
    """The graphs of a bundle with the rules of its manifest. Tables are the caller's: see `SideTable` and `Past`."""

    def __init__(self, files: Mapping[str, bytes], where: str = "bundle", threads: int = 1) -> None:
        """`files`: content by name; manifest.json, score.onnx and, where the model adapts, adapt.onnx and prior.json."""
        if "manifest.json" not in files:
            raise BundleError(
                "BUNDLE_MISSING",
                where,
                "This is no serving bundle: it has no manifest.json.",
                "Name the folder that limaml export wrote.",
            )
        self.manifest = read_manifest(files["manifest.json"], f"{where}/manifest.json")
        for name, content in files.items():
            if name == "manifest.json":
                continue
            expected = self.manifest["files"].get(name, {}).get("sha256")
            if hashlib.sha256(content).hexdigest() != expected:
                raise BundleError(
                    "BUNDLE_DAMAGED",
                    f"{where}/{name}",
                    "The file is not what was exported: its SHA-256 is another.",
                    "Restore it, or export the run again.",
                )
        for name in GRAPH_FILES[1:]:
            if name in self.manifest["files"] and name not in files:
                raise BundleError(
                    "BUNDLE_DAMAGED", f"{where}/{name}", "The file is missing.", "Restore it, or export the run again."
                )
        self.files = dict(files)
        self.hash: str = self.manifest["hash"]
        self.dimensions: int | None = self.manifest["model"]["dimensions"]
        self.max_support: int | None = self.manifest["model"]["maxSupport"]
        self.reader = LogReader(self.manifest)
        self._threads = threads
        self._sessions: dict[str, ort.InferenceSession] = {}

    def _run(self, name: str, output: str, feeds: Mapping[str, Any]) -> Vectors:
        if name not in self._sessions:
            options = ort.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.inter_op_num_threads = 1
            self._sessions[name] = ort.InferenceSession(self.files[name], options, providers=["CPUExecutionProvider"])
        session = self._sessions[name]
        wanted = {given.name: feeds[given.name] for given in session.get_inputs()}
        return session.run([output], wanted)[0]  # type: ignore[no-any-return]

    @property
    def prior(self) -> Vectors:
        """Vector [size] of a member of which nothing is known."""
        return np.array(json.loads(self.files["prior.json"])["vector"], np.float32)

    def unpack(self, stored: Sequence[Any]) -> Vectors:
        """Vectors [rows, size] of values as embeddings.parquet holds them: lists of floats, or the bytes of smaller types."""
        size = self._require_adapts()
        kind = self.manifest.get("vectors", {}).get("type", "float32")
        if kind == "float32":
            return np.array([list(vector) for vector in stored], np.float32).reshape(len(stored), size)
        width = {"float16": 2 * size, "int8": 4 + size}.get(kind)
        if width is None:
            what = f'Vectors are stored as "{kind}"; this module reads float32, float16, int8.'
            raise BundleError("VECTOR_TYPE", "manifest.json", what, "Take limaml_bundle.py out of the bundle itself.")
        if any(len(vector) != width for vector in stored):
            what = f"A vector of {kind} is not of {width} bytes."
            raise BundleError("VECTOR_SHAPE", "vectors", what, "Pass the vectors of this bundle.")
        data = np.frombuffer(b"".join(stored), np.uint8).reshape(len(stored), width)
        if kind == "float16":
            return data.view("<f2").astype(np.float32)
        scaled: Vectors = data[:, 4:].view(np.int8).astype(np.float32) * data[:, :4].copy().view("<f4")
        return scaled

    def _require_adapts(self) -> int:
        if self.dimensions is None:
            raise BundleError(
                "REFRESH_NO_VECTORS",
                "manifest.json",
                f'Model "{self.manifest["model"]["name"]}" adapts nothing: there are no vectors.',
                "Score without vectors.",
            )
        return self.dimensions

    # -- adapting --

    def adapt(self, support: Columns, tables: Tables | None = None) -> Adapted:
        """Adapts every member among support rows: rows of a member together, oldest first, at most `max_support` of each.

        Columns are entity, item, timestamp_ms, label, event features, and the features of entities and items that the
        model reads, unless `tables` has them. Raises BundleError SUPPORT_ORDER, SUPPORT_LONG and COLUMN_MISSING.
        """
        size = self._require_adapts()
        entity = _each_text(support["entity"], "entity")
        ms = _each_number(support["timestamp_ms"], "timestamp_ms")
        label = _each_number(support["label"], "label")
        starts = np.array([row for row, key in enumerate(entity) if row == 0 or key != entity[row - 1]], np.int64)
        ends = np.append(starts[1:], len(entity)).astype(np.int64) if len(entity) else starts
        ids = [entity[start] for start in starts.tolist()]
        if len(set(ids)) < len(ids):
            raise BundleError("SUPPORT_ORDER", "support", "Rows of one member are not together.", "Sort by entity and time.")
        later = np.diff(ms, prepend=-math.inf) >= 0
        later[starts] = True
        if not later.all():
            raise BundleError("SUPPORT_ORDER", "support", "Rows of a member are not oldest first.", "Sort by entity and time.")
        if len(ids) and (ends - starts).max() > self.max_support:
            raise BundleError(
                "SUPPORT_LONG",
                "support",
                f"A member has more than {self.max_support} rows.",
                "Keep the latest: merge_support does.",
            )
        items = _each_text(support["item"], "item")
        rows: dict[str, NDArray[Any]] = {}
        own: dict[str, NDArray[Any]] = {}
        known = {side: table.rows(ids if side == "entity" else items) for side, table in (tables or {}).items()}
        for entry in self.manifest["inputs"]["adapt"]:
            of_entity = entry["side"] == "entity"
            key = ids if of_entity else items
            column = self._stored(entry, support, tables, known, key, starts if of_entity else None)
            (own if of_entity else rows)[entry["name"]] = _ended(column, input_kind(entry))
        vector = np.empty((len(ids), size), np.float32)
        for places in _tiles(ends - starts):
            feeds = self._adapt_feeds(places, starts, ends, label, rows, own)
            vector[places] = self._run("adapt.onnx", "vector", feeds)
        wrong = np.flatnonzero(~np.isfinite(vector).all(axis=1))
        if wrong.size:
            raise BundleError(
                "EVENTS_NOT_FINITE",
                f"entity {ids[wrong[0]]}",
                "No finite vector comes of its events.",
                "Mend or leave out the events.",
            )
        return Adapted(ids, vector, ends - starts, ms[ends - 1] if len(ids) else ms)

    def _stored(
        self,
        entry: Mapping[str, Any],
        columns: Columns,
        tables: Tables | None,
        known: Mapping[str, NDArray[np.int64]],
        ids: Text,
        rows: NDArray[np.int64] | None,
    ) -> Column:
        """Values as a bundle keeps them: under the input's own name, clean; of `rows`, else of all."""
        name, side = entry["name"], entry["side"]
        if entry["kind"] == "id":
            return ids
        if name in columns:
            values = columns[name] if rows is None else _taken(columns[name], rows)
            return self.reader._value(values, name, input_kind(entry), frozenset({""}), entry, None, True)
        if tables is not None and side in tables:
            return tables[side].look_up(known[side], entry)
        raise BundleError(
            "COLUMN_MISSING",
            "support",
            f'There is no column "{name}", and no table of {side} features.',
            "Join it, or pass tables.",
        )

    def _adapt_feeds(
        self,
        places: NDArray[np.int64],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        label: Numbers,
        rows: Mapping[str, NDArray[Any]],
        own: Mapping[str, NDArray[Any]],
    ) -> dict[str, Any]:
        """Inputs of adapt.onnx for some members, their rows padded at the end to the longest. Columns as `_ended` gives them."""
        lengths = ends[places] - starts[places]
        width = max(1, int(lengths.max()))
        within = np.arange(width)
        at = np.where(within < lengths[:, None], starts[places][:, None] + within, -1)
        feeds: dict[str, Any] = {
            "support.label": np.append(label, 0).astype(np.float32)[at],
            "support.mask": (at >= 0).astype(np.float32),
        }
        for entry in self.manifest["inputs"]["adapt"]:
            name, kind = entry["name"], input_kind(entry)
            if entry["side"] == "entity":
                feeds[name] = _tensor(own[name][places], kind, (len(places),))
            else:
                feeds[f"support.{name}"] = _tensor(rows[name][at.ravel()], kind, at.shape)
        return feeds

    def priors(self, count: int, columns: Mapping[str, Any]) -> Vectors:
        """Vectors [count, size] of members without support rows, by what `columns` holds of their features (clean)."""
        self._require_adapts()
        empty = np.zeros(count, np.int64)
        rows = {
            e["name"]: _ended(missing_column(input_kind(e), 0), input_kind(e))
            for e in self.manifest["inputs"]["adapt"]
            if e["side"] != "entity"
        }
        own: dict[str, NDArray[Any]] = {}
        for entry in self.manifest["inputs"]["adapt"]:
            if entry["side"] == "entity":
                name, kind = entry["name"], input_kind(entry)
                own[name] = _ended(columns[name] if name in columns else missing_column(kind, count), kind)
        return self._run("adapt.onnx", "vector", self._adapt_feeds(np.arange(count), empty, empty, np.empty(0), rows, own))

    # -- scoring --

    def row_columns(
        self, rows: Columns, tables: Tables | None = None, past: Past | None = None, known: Columns | None = None
    ) -> dict[str, Column]:
        """What score.onnx and the prior are fed, of rows as `limaml score` takes them; what they lack is looked up.

        `known`: values by input that were looked up already, and are clean.

        Raises BundleError SCORE_COLUMN_MISSING, SCORE_HISTORY_TIME, ROWS_BAD_VALUE and what is not supported by name.
        """
        inputs = self.manifest["inputs"]
        found: dict[str, Column] = {}
        ids = {side: self.reader.row_id(side, rows) for side in ("entity", "item")}
        ms: Numbers | None = None
        for entry in [*inputs["score"], *(one for one in inputs["adapt"] if one["side"] == "entity")]:
            name, side = entry["name"], entry["side"]
            if name in found:
                continue
            looked_up = None if known is None else known.get(name)
            if looked_up is not None:
                found[name] = self.reader._value(looked_up, name, input_kind(entry), frozenset({""}), entry, None, True)
                continue
            column = self.reader.row_value(entry, rows)
            key = ids[side] if side in ids else None
            if (
                column is None
                and entry["kind"] != "id"
                and tables is not None
                and side in tables
                and key is not None
                and any(one["name"] == name for one in inputs["score"])
            ):
                column = tables[side].look_up(tables[side].rows(key), entry)
            if column is None and past is not None and self.reader._is_kept(name):
                of = next(one["of"] for one in past.history["features"] if one["name"] == name)
                ms = self.reader.row_time(rows) if ms is None else ms
                if ms is not None and ids[of] is not None:
                    column = past.values(name, ids[of], ms)  # type: ignore[arg-type]
            if column is not None:
                found[name] = column
            elif any(one["name"] == name for one in inputs["score"]):
                raise BundleError(
                    "SCORE_COLUMN_MISSING",
                    "rows",
                    f'There is no column "{name}". Columns: {", ".join(rows)}.',
                    "Add it, or pass tables (and the past, with the rows' time) to take it from.",
                )
        return found

    def score(
        self,
        rows: Columns,
        vectors: Vectors | Mapping[str, Vectors] | None = None,
        tables: Tables | None = None,
        past: Past | None = None,
        batch_rows: int = TILE_ROWS,
        known: Columns | None = None,
    ) -> Scored:
        """Scores rows in their order.

        `vectors`: [rows, size], all NaN for a member without a stored one, or by entity. Such a row is scored with the
        prior, on those of the member's features that are there. A model that adapts nothing takes none.
        """
        count = len(next(iter(rows.values()))) if rows else 0
        columns = self.row_columns(rows, tables, past, known)
        given: Vectors | None = None
        priors = 0
        if self.dimensions is not None:
            given, absent = self._row_vectors(rows, vectors, count)
            unknown = np.flatnonzero(absent)
            priors = len(unknown)
            for start in range(0, priors, batch_rows):
                some = unknown[start : start + batch_rows]
                own = {
                    e["name"]: pick(columns[e["name"]], some, input_kind(e))
                    for e in self.manifest["inputs"]["adapt"]
                    if e["side"] == "entity" and e["name"] in columns
                }
                given[some] = self.priors(len(some), own)
        elif vectors is not None:
            raise BundleError("SCORE_NO_VECTORS", "vectors", "The model adapts nothing, and takes no vectors.", "Leave them out.")
        probability = np.empty(count, np.float32)
        for start in range(0, count, batch_rows):
            some = np.arange(start, min(count, start + batch_rows))
            feeds: dict[str, Any] = {} if given is None else {"vector": given[some]}
            for entry in self.manifest["inputs"]["score"]:
                feeds[entry["name"]] = _tensor(
                    pick(columns[entry["name"]], some, input_kind(entry)), input_kind(entry), (len(some),)
                )
            probability[some] = self._run("score.onnx", "probability", feeds)
        return Scored(probability, priors)

    def _row_vectors(
        self, rows: Columns, vectors: Vectors | Mapping[str, Vectors] | None, count: int
    ) -> tuple[Vectors, NDArray[np.bool_]]:
        size = self._require_adapts()
        if vectors is None or isinstance(vectors, Mapping):
            ids = self.reader.row_id("entity", rows)
            if ids is None:
                raise BundleError(
                    "SCORE_COLUMN_MISSING", "rows", 'There is no column "entity".', "Add it: vectors are looked up by it."
                )
            nothing = np.full(size, math.nan, np.float32)
            held = vectors or {}
            found = [held.get(key, nothing) for key in ids]
            plain = [self.unpack([one])[0] if isinstance(one, bytes) else one for one in found]
            given = np.array(plain, np.float32).reshape(count, size)
        else:
            given = np.array(vectors, np.float32)
        if given.shape != (count, size):
            raise BundleError(
                "VECTOR_SHAPE",
                "vectors",
                f"Their shape is {list(given.shape)}, not [{count}, {size}].",
                "Pass the vectors of this bundle.",
            )
        absent = np.asarray(np.isnan(given).all(axis=1), bool)
        wrong = np.flatnonzero(~absent & ~np.isfinite(given).all(axis=1))
        if wrong.size:
            raise BundleError(
                "VECTOR_NOT_FINITE", f"row {wrong[0]}", "A number of its vector is not finite.", "Export or refresh again."
            )
        return given, absent


def _tiles(lengths: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Places of members of like support together, at most TILE_ROWS padded rows each."""
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        count = max(1, TILE_ROWS // max(1, int(lengths[order[start]])))
        yield order[start : start + count]
        start += count


def _tensor(column: Column, kind: Kind, shape: tuple[int, ...]) -> NDArray[Any]:
    """A column as a tensor of `shape`; several values have one more dim, padded with "" to the longest."""
    if kind == "number":
        return np.asarray(column, np.float64).reshape(shape)
    if kind == "texts":
        width = max([1, *map(len, column)])
        column = [text for texts in column for text in [*texts, *[""] * (width - len(texts))]]
        shape = (*shape, width)
    return (column if isinstance(column, np.ndarray) else _objects(column)).reshape(shape)


GRAPH_FILES = ("manifest.json", "score.onnx", "adapt.onnx", "prior.json")


def read_files(folder: str | Path) -> dict[str, bytes]:
    """The files of a bundle that scoring and adapting take, without its tables."""
    return {name: (Path(folder) / name).read_bytes() for name in GRAPH_FILES if (Path(folder) / name).exists()}


def open_bundle(folder: str | Path, threads: int = 1) -> Bundle:
    """Opens a bundle; the files that are read are held to their hashes. `threads`: within one run of a graph."""
    return Bundle(read_files(folder), str(folder), threads)
