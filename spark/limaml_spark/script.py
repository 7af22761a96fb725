"""How every script runs: what is refused becomes one line and exit code 2."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from .fault import ScriptError


OF_SPARK = re.compile(
    r"\[(PATH_NOT_FOUND|PATH_ALREADY_EXISTS|UNABLE_TO_INFER_SCHEMA|UNRESOLVED_COLUMN|FAILED_READ_FILE)[.\w]*\] "
    r"([^\n]*?\.)(?: SQLSTATE: \w+)?;?$",
    re.MULTILINE,
)
"""What Spark says of files and folders that it was given."""
LINES = re.compile(r"Malformed records are detected in record parsing: (.*)")


def told(error: Exception, refused: type[Exception], malformed: str) -> str | None:
    """The line that tells of an error; None of one that is not the input's."""
    if isinstance(error, (refused, ScriptError)):
        return str(error)
    text = str(error)
    own = re.search(rf"(?:{refused.__name__}|ScriptError): (.+)", text)
    if own is not None:
        return own.group(1)
    lines = LINES.search(text)
    if lines is not None:
        return f"{malformed}  rows: A line has too many or too few fields: {lines.group(1)}"
    spark = OF_SPARK.search(text)
    return None if spark is None else f"{spark.group(1)}  {spark.group(2)}"


def run_script(main: Callable[[list[str]], None], args: list[str], refused: type[Exception], malformed: str) -> int:
    """Runs a script. What is of type `refused` or ScriptError, of whatever worker, becomes its text; lines of CSV that are no rows have the code `malformed`."""
    try:
        main(args)
        return 0
    except Exception as error:
        text = told(error, refused, malformed)
        if text is None:
            raise
    print(f"error {text}", file=sys.stderr)
    return 2
