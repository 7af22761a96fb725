"""Texts of a raw log: white space, numbers, words that mean "no value"."""

from __future__ import annotations

import math

from pyspark.sql import Column
from pyspark.sql import functions as F


SPACE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


def lit_text(text: str) -> str:
    """A text literal of Spark's SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def trimmed(column: Column) -> Column:
    return F.btrim(column, F.lit(SPACE))


def number_of(text: Column) -> Column:
    value = F.when(text.rlike(NUMBER), text.cast("double"))
    return F.when(F.abs(value) != math.inf, value)
