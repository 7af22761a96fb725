"""How every script runs: what is refused becomes one line and exit code 2."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable


def run_script(main: Callable[[list[str]], None], args: list[str], refused: type[Exception], malformed: str) -> int:
    """Runs a script. An error of type `refused`, of whatever worker, becomes its text; lines of CSV that are no rows have the code `malformed`."""
    try:
        main(args)
        return 0
    except refused as error:
        text = str(error)
    except Exception as error:
        told = re.search(rf"{refused.__name__}: (.+)", str(error))
        lines = re.search(r"Malformed records are detected in record parsing: (.*)", str(error))
        if told is None and lines is None:
            raise
        text = told.group(1) if told else f"{malformed}  rows: A line has too many or too few fields: {lines.group(1)}"
    print(f"error {text}", file=sys.stderr)
    return 2
