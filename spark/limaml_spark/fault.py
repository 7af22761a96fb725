"""What a script refuses."""

from __future__ import annotations


class ScriptError(Exception):
    """What cannot be done: a code, where, and what is wrong."""

    def __init__(self, code: str, where: str, what: str) -> None:
        super().__init__(f"{code}  {where}: {what}")
        self.code, self.where, self.what = code, where, what

    def __reduce__(self) -> tuple[type[ScriptError], tuple[str, str, str]]:
        return (ScriptError, (self.code, self.where, self.what))
