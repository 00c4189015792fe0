"""The ledger: every theorem of this package on every one of its instances."""

import json
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from relu_theory.certificate import Verdict
from relu_theory.theorems import layout
from relu_theory.theorems.check import MARKS, Check, Theorem, show
from relu_theory.theorems.registry import location, theorems, where_tested

__all__ = ["Ledger"]

_COLUMNS = ("instance", "computed", "", "predicted", "verdict", "seconds")
_LEFT = {0, 2, 4}
_WIDEST_CELL = 46
_WORST_FIRST = (Verdict.FAILS, Verdict.UNDECIDED, Verdict.HOLDS)


@dataclass(frozen=True)
class Ledger:
    """The checked rows, in the order of the walk.

    Attributes
    ----------
    rows : tuple of Check
    quick : bool
    """

    rows: tuple[Check, ...]
    quick: bool = False

    def count(self, verdict: Verdict) -> int:
        """Number of rows with this verdict."""
        return sum(row.verdict is verdict for row in self.rows)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The rows that FAIL."""
        return tuple(row for row in self.rows if row.verdict is Verdict.FAILS)

    def summary(self) -> str:
        """One line: how many rows, and how many of each verdict."""
        seconds = sum(row.seconds for row in self.rows)
        verdicts = ", ".join(f"{self.count(v)} {v.name}" for v in Verdict)
        return f"{len(self.rows)} checks: {verdicts}; {seconds:.1f} s"

    def table(self, width: int | None = None) -> str:
        """The rows as aligned text under one heading for each theorem: its source and its mark.

        Parameters
        ----------
        width : int, optional
            Columns of the terminal; long names and numbers are shortened to fit.
        """
        stated = {t.name: t for t in theorems()}
        lines = layout.aligned([_COLUMNS, *map(_cells, self.rows)], _LEFT, width)
        shown = [lines[0]]
        for name, rows in groupby(
            zip(self.rows, lines[1:], strict=True), lambda pair: pair[0].theorem
        ):
            shown += ["", layout.wrapped(_heading(name, stated.get(name)), width)]
            shown += [line for _, line in rows]
        return "\n".join(shown)

    def overview(self, width: int | None = None) -> str:
        """One line a theorem: how many rows, the worst verdict, and the time."""
        groups = [list(rows) for _, rows in groupby(self.rows, lambda row: row.theorem)]
        cells = [("theorem", "", "rows", "verdict", "seconds"), *map(_overall, groups)]
        return "\n".join(layout.aligned(cells, {0, 1, 3}, width))

    def open_rows(self, width: int | None = None) -> str:
        """The table of the rows that do not hold; empty when all do."""
        rows = tuple(row for row in self.rows if row.verdict is not Verdict.HOLDS)
        return replace(self, rows=rows).table(width) if rows else ""

    def to_dict(self) -> dict[str, Any]:
        """The whole ledger as JSON values: the theorems that occur, and the rows."""
        used = {row.theorem for row in self.rows}
        return {
            "format": "relu_theory ledger 1",
            "quick": self.quick,
            "counts": {v.name: self.count(v) for v in Verdict},
            "marks": MARKS,
            "theorems": {t.name: _record(t) for t in theorems() if t.name in used},
            "rows": [row.to_dict() for row in self.rows],
        }

    def to_json(self) -> str:
        """`to_dict` as text."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False)

    def save(self, path: str | Path) -> None:
        """Write `to_json` to a file."""
        Path(path).write_text(self.to_json() + "\n", encoding="utf-8")


def _record(stated: Theorem) -> dict[str, str]:
    keys = ("statement", "latex", "hypotheses", "paper", "arxiv", "number", "mark", "relation")
    path, line = location(stated)
    found = {key: getattr(stated, key) for key in (*keys, "arithmetic")}
    code = f"relu_theory/theorems/{path.name}:{line}"
    return {**found, "code": code, "test": where_tested(stated)[0]}


def _heading(name: str, stated: Theorem | None) -> str:
    if stated is None:
        return name
    arxiv = f"arXiv {stated.arxiv}" if stated.arxiv else ""
    source = ", ".join(part for part in (stated.paper, arxiv, stated.number) if part)
    return f"{name}  ({source}; {stated.mark})"


def _cells(row: Check) -> tuple[str, ...]:
    values = (row.instance, show(row.computed), row.relation, show(row.predicted))
    shown = ["-" if v is None else layout.shorten(str(v), _WIDEST_CELL) for v in values]
    return *shown, row.verdict.name, f"{row.seconds:.3f}"


def _overall(rows: list[Check]) -> tuple[str, ...]:
    worst = min((row.verdict for row in rows), key=_WORST_FIRST.index)
    seconds = sum(row.seconds for row in rows)
    return rows[0].theorem, rows[0].relation, str(len(rows)), worst.name, f"{seconds:.1f}"
