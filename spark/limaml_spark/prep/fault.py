"""What is prepared elsewhere."""

from __future__ import annotations

from typing import NoReturn

from ..fault import ScriptError


def unsupported(where: str, what: str) -> NoReturn:
    raise ScriptError("SPARK_UNSUPPORTED", where, f"{what} Prepare this log with limaml prep.")
