"""``python -m relu_theory.testing MODULE:ADAPTER``: examine an adapter and print the report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from relu_theory.errors import InvalidInput
from relu_theory.testing import check_adapter, load_adapter

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when no answer is wrong, 1 when one is, and 2 when there is no such adapter."""
    parser = argparse.ArgumentParser(prog="python -m relu_theory.testing", description=__doc__)
    parser.add_argument("adapter", metavar="MODULE:ADAPTER")
    parser.add_argument("--every", action="store_true", help="show the rows that pass too")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the report")
    parser.add_argument(
        "--largest", metavar="N", type=int, default=2000, help="leave out cases with more regions")
    options = parser.parse_args(arguments)
    try:
        adapter = load_adapter(options.adapter)
    except InvalidInput as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    report = check_adapter(adapter, largest=options.largest, progress=sys.stderr.isatty())
    print(report.table(options.every))
    if options.json:
        report.save(options.json)
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
