"""Typed columns of raw rows: features, times, labels, IDs."""

from __future__ import annotations

import re

from pyspark.sql import Column
from pyspark.sql import functions as F

from ..json import Json
from .source import Source
from .text import number_of, trimmed


ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|\+00:00)?)?$"
LARGEST = 3.4028234663852886e38
MS_RANGE = (-2208988800000, 7258118400000)


def cleaned(text: Column, feature: Json) -> Column:
    if "pattern" in feature:
        found = trimmed(F.regexp_extract(text, feature["pattern"], 1))
        text = F.when(found != "", found)
    if "prefix" in feature:
        text = F.substring(text, 1, feature["prefix"])
    return text


def feature_column(source: Source, feature: Json) -> Column:
    """The raw value of a feature: a text, a number, or the words of several, in order."""
    missing, name = [*source.missing, *feature["missing"]], feature.get("column", feature["name"])
    if feature["kind"] == "multi":
        if "flags" in feature:
            parts = F.array_compact(
                F.array(
                    *(
                        F.when(F.lower(trimmed(source.raw(flag).cast("string"))).isin("1", "1.0", "true"), F.lit(flag))
                        for flag in feature["flags"]
                    )
                )
            )
            text = F.when(F.size(parts) > 0, F.array_join(parts, feature["separator"]))
        else:
            text = source.text(name, missing)
            source.fault(name, F.contains(text, F.lit("\u0000")), "a text with a NUL")
        words = F.filter(
            F.transform(F.split(text, F.lit(re.escape(feature["separator"]).replace("\\ ", " "))), trimmed),
            lambda word: word != "",
        )
        return F.slice(F.array_distinct(words), 1, feature["max"])
    if feature["kind"] == "categorical":
        held = source.text(name, missing)
        source.fault(name, F.contains(held, F.lit("\u0000")), "a text with a NUL")
        return cleaned(held, feature)
    if "pattern" in feature or "prefix" in feature:
        present = cleaned(source.text(name, missing), feature)
        value = number_of(present)
    else:
        value, present = source.number(name, missing)
    source.fault(name, present.isNotNull() & value.isNull(), "not a number")
    source.fault(name, F.abs(value) > LARGEST, "past the range of 32-bit floats")
    return value


def milliseconds(source: Source, time: Json) -> Column:
    unit, name = time["unit"], time["column"]
    if unit == "iso":
        text = source.text(name, source.missing)
        moment = F.try_to_timestamp(F.when(text.rlike(ISO), F.regexp_replace(text, "(Z|\\+00:00)$", "")))
        ms = F.floor(F.unix_micros(moment) / 1000)
    elif unit == "ns":
        ms = F.floor(source.text(name, source.missing).try_cast("decimal(20,0)") / 1_000_000)
    else:
        value, _ = source.number(name, source.missing)
        ms = {"s": F.round(value * 1000), "ms": F.round(value), "us": F.floor(value / 1000)}[unit]
    ms = ms.cast("bigint")
    bounded = F.when(ms.between(*MS_RANGE), ms)
    source.fault(name, bounded.isNull(), f"no time in {unit} between the years 1900 and 2200")
    return bounded


def label_column(source: Source, label: Json) -> Column:
    name = label["column"]
    if label["kind"] == "values":
        text = F.coalesce(source.text(name, source.missing), F.lit(""))
        positive, known = text.isin(label["positive"]), text.isin([*label["positive"], *label["negative"]])
        if label["otherwise"] == "error":
            source.fault(name, ~known, "not one of the declared label values")
        if label["otherwise"] == "drop":
            source.drops.append(("rows with other label values", ~known))
        return positive.cast("int")
    value, _ = source.number(name, source.missing)
    if label["kind"] == "threshold":
        outside = value.isNull()
        if "range" in label:
            outside |= ~value.between(*label["range"])
        source.fault(name, outside, "not a number as declared")
        return (value >= label["threshold"]).cast("int")
    word = (
        F.lower(source.text(name, source.missing)) if source.types.get(name, "string") in ("string", "boolean") else F.lit(None)
    )
    code = F.when(value == 1, 1).when(value == 0, 0).when(word == "true", 1).when(word == "false", 0)
    source.fault(name, code.isNull(), "not a label (0, 1, true, false)")
    return code


def id_column(source: Source, columns: Json, side: str) -> Column:
    names = columns[side] if isinstance(columns[side], list) else [columns[side]]
    ids = columns.get("ids")
    whole = ids == "whole" or (isinstance(ids, dict) and ids.get(side) == "whole")
    parts = []
    for name in names:
        part = source.text(name, source.missing)
        source.fault(name, part.isNull(), f"no {side}: the value is missing")
        source.fault(name, F.contains(part, F.lit("\u0000")), "a text with a NUL")
        if whole:
            source.fault(name, ~part.rlike(r"^[+-]?[0-9]+(\.0*)?$"), "not a whole number")
        parts.append(whole_part(part) if whole else part)
    if len(parts) == 1:
        return parts[0]
    return F.concat_ws("|", *(F.replace(F.replace(part, F.lit("\\"), F.lit("\\\\")), F.lit("|"), F.lit("\\|")) for part in parts))


def whole_part(part: Column) -> Column:
    return F.regexp_replace(part, r"^\+?(-?[0-9]+)\.0*$", "$1")
