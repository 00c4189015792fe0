"""``relu-theory figures``: regenerate figures, their manifest and their gallery."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["add_to", "draw"]


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    sub = commands.add_parser("figures", help="regenerate figures, their manifest and gallery")
    sub.add_argument("names", metavar="NAME", nargs="*", help="all figures by default")
    sub.add_argument("--fast", action="store_true", help="smaller versions")
    sub.add_argument("--out", metavar="DIR", type=Path, default=Path("figures"))
    sub.add_argument(
        "--jobs", metavar="J", type=int, default=os.cpu_count() or 1, help="processes; all cores"
    )
    sub.add_argument("--list", action="store_true", help="print the names and stop")
    sub.set_defaults(run=_figures)


def draw(names: Sequence[str] | None, out: Path, fast: bool, jobs: int) -> None:
    """Regenerate figures, saying which; all of them by default."""
    from relu_theory import figures

    wanted = figures.names() if names is None else names
    done = figures.regenerate(
        wanted, out, fast, report=lambda name: print(f"drew {name}", flush=True), jobs=jobs
    )
    print(f"wrote {sum(len(f.files) for f in done)} files, MANIFEST.json and README.md to {out}")


def _figures(options: argparse.Namespace) -> int:
    from relu_theory import figures

    if options.list:
        print("\n".join(figures.names()))
        return 0
    draw(options.names or None, options.out, options.fast, options.jobs)
    return 0
