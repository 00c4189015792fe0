"""``relu-theory list`` and ``relu-theory show``: what the ledger states, and where."""

import argparse
import shutil
import textwrap
from itertools import groupby
from typing import Any

__all__ = ["add_to"]


def add_to(commands: Any) -> None:
    """Add both commands to the parser."""
    sub = commands.add_parser("list", help="the theorems by paper, with marks and instances")
    sub.add_argument("papers", metavar="PAPER", nargs="*", help="all of them by default")
    sub.set_defaults(run=_list)
    sub = commands.add_parser("show", help="a theorem: statement, source, code, tests, figures")
    sub.add_argument("theorems", metavar="THEOREM", nargs="+", help="a name of `relu-theory list`")
    sub.set_defaults(run=_show)


def _list(options: argparse.Namespace) -> int:
    from relu_theory.theorems import Plan, layout

    stated = Plan(tuple(options.papers)).theorems
    cells = [("theorem", "mark", "", "instances"), *map(_cells, stated)]
    lines = layout.aligned(cells, {0, 1, 2}, shutil.get_terminal_size().columns)
    print(lines[0])
    pairs = zip(stated, lines[1:], strict=True)
    for (paper, arxiv), group in groupby(pairs, lambda pair: (pair[0].paper, pair[0].arxiv)):
        print(f"\n{paper}{f', arXiv {arxiv}' if arxiv else ''}")
        print("\n".join(line for _, line in group))
    more = sum(t.has_seeds for t in stated)
    print(f"\n{len(stated)} theorems; + marks the {more} that draw more instances from seeds")
    return 0


def _cells(stated: Any) -> tuple[str, ...]:
    number = f"{sum(1 for _ in stated.instances())}{'+' if stated.has_seeds else ' '}"
    return f"  {stated.name}", stated.mark, stated.relation, number


def _show(options: argparse.Namespace) -> int:
    from relu_theory import theorems

    chosen = [theorems.find(name) for name in options.theorems]
    print("\n\n".join(_described(stated) for stated in chosen))
    return 0


def _described(stated: Any) -> str:
    from relu_theory import figures, theorems
    from relu_theory.theorems.formula import to_unicode

    path, line = theorems.location(stated)
    arxiv = f", arXiv {stated.arxiv}" if stated.arxiv else ""
    drawn = figures.showing(stated.name) or ["none"]
    number = sum(1 for _ in stated.instances())
    facts = {
        "statement": [stated.statement],
        "formula": [to_unicode(stated.latex), stated.latex],
        "hypotheses": [stated.hypotheses],
        "source": [f"{stated.paper}{arxiv}: {stated.number}"],
        "mark": [f"{stated.mark}: {theorems.MARKS[stated.mark]}"],
        "relation": [f"computed {stated.relation} predicted, {stated.arithmetic}"],
        "instances": [f"{number}{', and more from seeds' if stated.has_seeds else ''}"],
        "code": [f"{path}:{line}"],
        "tests": theorems.where_tested(stated),
        "figures": drawn,
        "check": [f"relu-theory verify {stated.name}"],
    }
    return "\n".join([stated.name, *(_fact(name, values) for name, values in facts.items())])


def _fact(name: str, values: list[str]) -> str:
    width = max(40, shutil.get_terminal_size().columns) - 14
    lines = [
        part
        for value in values
        for part in textwrap.wrap(value, width, break_long_words=False, break_on_hyphens=False)
    ]
    return textwrap.indent("\n".join(lines), " " * 14).replace(" " * 14, f"  {name:<12}", 1)
