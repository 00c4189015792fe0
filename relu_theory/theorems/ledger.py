"""The ledger: every theorem of this package on every one of its instances."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from relu_theory.certificate import Verdict
from relu_theory.errors import InvalidInput, ReluTheoryError
from relu_theory.theorems.check import MARKS, Check, Instance, Theorem, show

__all__ = ["Ledger", "papers", "theorems", "verify", "walk"]

_PACKAGE = "relu_theory.theorems"
_COLUMNS = ("instance", "computed", "", "predicted", "verdict", "seconds")
_WIDEST_CELL = 46


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

    def table(self) -> str:
        """The rows as aligned text under one heading for each theorem: its source and its mark."""
        cells = [_COLUMNS, *(_cells(row) for row in self.rows)]
        widths = [max(len(line[i]) for line in cells) for i in range(len(_COLUMNS))]
        lines = [_line(_COLUMNS, widths)]
        stated = {t.name: t for t in theorems()}
        for name, rows in groupby(zip(self.rows, cells[1:], strict=True), lambda r: r[0].theorem):
            lines += ["", _heading(name, stated.get(name))]
            lines += [_line(line, widths) for _, line in rows]
        return "\n".join(lines)

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


@cache
def theorems() -> tuple[Theorem, ...]:
    """Every theorem of the package, by module and then in the order of the source.

    Examples
    --------
    >>> "zaslavsky1975_arrangements.general_position" in [t.name for t in theorems()]
    True
    """
    package = importlib.import_module(_PACKAGE)
    found = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        module = importlib.import_module(f"{_PACKAGE}.{info.name}")
        stated = [t for t in vars(module).values() if isinstance(t, Theorem)]
        found += [t for t in stated if t.name.startswith(f"{info.name}.")]
    return tuple(found)


def papers() -> list[str]:
    """Reference keys of the papers in the ledger, sorted."""
    return sorted({t.paper for t in theorems()})


def walk(paper: str | None = None, quick: bool = False, progress: bool = False) -> Iterator[Check]:
    """Check one row after another; see `verify`."""
    cases = [(t, instance) for t in _chosen(paper) for instance in t.instances(quick)]
    bar = None
    if progress:
        from tqdm import tqdm

        bar = tqdm(total=len(cases), unit="check", desc="ledger", leave=False, disable=None)
    for stated, instance in cases:
        if bar is not None:
            bar.set_postfix_str(f"{stated.name}: {instance.name}", refresh=False)
        yield _checked(stated, instance)
        if bar is not None:
            bar.update()
    if bar is not None:
        bar.close()


def verify(paper: str | None = None, quick: bool = False, progress: bool = False) -> Ledger:
    """Check the theorems of the ledger on their instances.

    Parameters
    ----------
    paper : str, optional
        Only the theorems of this paper: a reference key (see `papers`) or an arXiv id.
    quick : bool
        Fewer and smaller instances; well under a minute.
    progress : bool
        Show a progress bar on standard error.

    Returns
    -------
    Ledger

    Raises
    ------
    InvalidInput
        When the ledger has no theorem of this paper.

    Examples
    --------
    >>> verify("telgarsky2016", quick=True).failures
    ()
    """
    return Ledger(tuple(walk(paper, quick, progress)), quick)


def _checked(stated: Theorem, instance: Instance) -> Check:
    try:
        return stated.check(instance)
    except ReluTheoryError as error:
        raise ReluTheoryError(f"{stated.name} on {instance.name}: {error}") from error


def _chosen(paper: str | None) -> list[Theorem]:
    chosen = [t for t in theorems() if paper is None or paper in (t.paper, t.arxiv)]
    if not chosen or paper == "":
        raise InvalidInput(f"paper must be one of {', '.join(papers())}, got {paper!r}")
    return chosen


def _record(stated: Theorem) -> dict[str, str]:
    keys = ("statement", "latex", "paper", "arxiv", "number", "mark", "relation", "arithmetic")
    return {key: getattr(stated, key) for key in keys}


def _heading(name: str, stated: Theorem | None) -> str:
    if stated is None:
        return name
    arxiv = f"arXiv {stated.arxiv}" if stated.arxiv else ""
    source = ", ".join(part for part in (stated.paper, arxiv, stated.number) if part)
    return f"{name}  ({source}; {stated.mark})"


def _cells(row: Check) -> tuple[str, ...]:
    values = (row.instance, show(row.computed), row.relation, show(row.predicted))
    shown = ["-" if v is None else str(v) for v in values]
    return *(_shorten(v) for v in shown), row.verdict.name, f"{row.seconds:.3f}"


def _shorten(text: str) -> str:
    return text if len(text) <= _WIDEST_CELL else text[: _WIDEST_CELL - 3] + "..."


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    left = {0, 2, 4}
    padded = (
        cell.ljust(width) if i in left else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(padded).rstrip()
