"""What an examination found: one row for each question, and tables of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["OUTCOMES", "Report", "Row"]

#: A question may be answered rightly, wrongly, not at all, or by an error.
OUTCOMES = ("passed", "wrong", "declined", "raised")
_WIDEST_CELL = 40


@dataclass(frozen=True)
class Row:
    """One question and what became of it.

    Attributes
    ----------
    subject : {"count_regions", "lipschitz", "bounds"}
    name, case : str
        What is asked for, and of which network and domain.
    answer, expected : str
        As text; a float is spelled with all its digits.
    outcome : str
        One of `OUTCOMES`.
    note : str
        What is wrong, or what was raised.
    seconds : float
    """

    subject: str
    name: str
    case: str
    answer: str
    expected: str
    outcome: str
    note: str = ""
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether the answer was wrong, or an error."""
        return self.outcome in ("wrong", "raised")

    def __str__(self) -> str:
        said = f"{self.answer or '-'}, expected {self.expected}"
        note = f" ({self.note})" if self.note else ""
        return f"{self.name}: {self.case}: {said}: {self.outcome}{note}"


@dataclass(frozen=True)
class Report:
    """All rows of an examination.

    Examples
    --------
    >>> report = Report((Row("bounds", "sound", "two points", "[0, 1]", "[0, 2]", "wrong"),))
    >>> report.ok, report.summary()
    (False, '1 question: 0 passed, 1 wrong, 0 declined, 0 raised; 0.0 s')
    """

    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """Whether no answer was wrong and none an error; declined questions are no failures."""
        return not self.failures

    @property
    def failures(self) -> tuple[Row, ...]:
        """The rows that are wrong or raised."""
        return tuple(row for row in self.rows if row.failed)

    def count(self, outcome: str) -> int:
        """The number of rows with one of the `OUTCOMES`."""
        return sum(row.outcome == outcome for row in self.rows)

    def summary(self) -> str:
        """One line: how many questions, and what became of them."""
        asked = len(self.rows)
        outcomes = ", ".join(f"{self.count(outcome)} {outcome}" for outcome in OUTCOMES)
        seconds = sum(row.seconds for row in self.rows)
        return f"{asked} question{'s' * (asked != 1)}: {outcomes}; {seconds:.1f} s"

    def table(self, every: bool = False) -> str:
        """A line for each property, then each failing row (or `every` row), then the summary."""
        shown = self.rows if every else self.failures
        parts = [_aligned(("subject", "property", *OUTCOMES), self._properties())]
        if shown:
            columns = ("name", "case", "answer", "expected", "outcome", "note")
            cells = ([str(getattr(row, column)) for column in columns] for row in shown)
            parts.append(_aligned(("property", *columns[1:]), cells))
        return "\n\n".join([*parts, self.summary()])

    def _properties(self) -> Iterable[Sequence[str]]:
        counts = Counter((row.subject, row.name, row.outcome) for row in self.rows)
        for name in dict.fromkeys((row.subject, row.name) for row in self.rows):
            yield [*name, *(str(counts[(*name, outcome)]) for outcome in OUTCOMES)]

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "format": "relu_theory report 1",
            "counts": {outcome: self.count(outcome) for outcome in OUTCOMES},
            "rows": [asdict(row) for row in self.rows],
        }

    def save(self, path: str | Path) -> None:
        """Write `to_dict` as JSON."""
        Path(path).write_text(json.dumps(self.to_dict(), indent=1) + "\n", encoding="utf-8")

    def __str__(self) -> str:
        return self.table()


def _aligned(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [[_short(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)
    return "\n".join(lines)


def _short(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= _WIDEST_CELL else line[: _WIDEST_CELL - 3] + "..."
