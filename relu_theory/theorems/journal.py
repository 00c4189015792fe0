"""The journal of a run: finished rows, one a line, so that an interrupted run can go on.

A row is taken from a journal only when nothing that it depends on has changed: the theorem, the
case with all its weights, and the sources of the package that computed it.
"""

import json
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from relu_theory.theorems.check import Check, Instance, Theorem
from relu_theory.theorems.plain import digest

__all__ = ["Journal", "row_key"]

_PACKAGE = Path(__file__).parent.parent
# What only shows rows does not decide them.
_SHOWS_ONLY = {"cli", "figures", "plotting", "report"}


@cache
def _sources() -> str:
    found = sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        name = path.relative_to(_PACKAGE)
        if name.parts[0].removesuffix(".py") not in _SHOWS_ONLY:
            found.update(name.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def row_key(stated: Theorem, instance: Instance) -> str:
    """What identifies a row: theorem, case, the case's arguments, and the code.

    Examples
    --------
    >>> from relu_theory.theorems import Instance, find
    >>> keys = {row_key(find("braid"), Instance("n", {"n": n})) for n in (3, 4, 4)}
    >>> len(keys)
    2
    """
    parts = [stated.name, instance.name, instance.arguments, _sources()]
    return digest(parts, strict=False)


class Journal:
    """Finished rows in a file, appended one by one and written out at once.

    Parameters
    ----------
    path : path
    resume : bool
        Keep the rows that are there; else start an empty journal.

    Attributes
    ----------
    path : Path
    rows : dict
        The rows found, by `row_key`.

    Examples
    --------
    >>> import tempfile
    >>> from relu_theory.theorems import find, Instance
    >>> stated, case = find("braid"), Instance("n = 3", {"n": 3})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Journal(Path(folder) / "journal") as journal:
    ...         journal.add(row_key(stated, case), stated.check(case))
    ...     with Journal(Path(folder) / "journal", resume=True) as journal:
    ...         journal.rows[row_key(stated, case)].computed
    6
    """

    def __init__(self, path: str | Path, resume: bool = False) -> None:
        self.path = Path(path)
        self.rows: dict[str, Check] = dict(self._read()) if resume else {}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file: TextIO = self.path.open("w", encoding="utf-8")
        for key, row in self.rows.items():
            self._write(key, row)

    def add(self, key: str, row: Check) -> None:
        """Append a row; it is in the file when this returns."""
        self.rows[key] = row
        self._write(key, row)

    def remove(self) -> None:
        """Close and delete the file, once the run is complete."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def _write(self, key: str, row: Check) -> None:
        self._file.write(json.dumps({"key": key, "row": row.to_dict()}) + "\n")
        self._file.flush()

    def _read(self) -> Iterator[tuple[str, Check]]:
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            entry = _entry(line)
            if entry is not None:
                yield entry["key"], Check.from_dict(entry["row"])


def _entry(line: str) -> dict[str, Any] | None:
    # A run that was killed may have left half a line.
    try:
        entry = json.loads(line)
    except json.JSONDecodeError:
        return None
    return entry if isinstance(entry, dict) else None
