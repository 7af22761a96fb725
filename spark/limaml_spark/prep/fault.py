"""What cannot be prepared."""

from __future__ import annotations

from typing import NoReturn


class PrepError(Exception):
    """What cannot be prepared: a code, where, and what is wrong."""

    def __init__(self, code: str, where: str, what: str) -> None:
        super().__init__(f"{code}  {where}: {what}")
        self.code = code


def unsupported(where: str, what: str) -> NoReturn:
    raise PrepError("SPARK_UNSUPPORTED", where, f"{what} Prepare this log with limaml prep.")
