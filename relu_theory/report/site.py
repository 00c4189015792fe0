"""The folder of a report: which pages there are and which files lie beside them."""

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from relu_theory import figures
from relu_theory.report.gallery import gallery
from relu_theory.report.index import index
from relu_theory.report.paper import paper_page
from relu_theory.report.style import STYLE
from relu_theory.theorems import Check, Ledger, Theorem, theorems

__all__ = ["write_report"]

_LEDGER, _FORMATS = "ledger.json", ("png", "svg")


def write_report(
    ledger: Ledger,
    folder: str | Path,
    *,
    draw: bool = True,
    report: Callable[[str], None] | None = None,
    jobs: int = 1,
) -> list[Path]:
    """Write the report of a ledger.

    Parameters
    ----------
    ledger : Ledger
        Its certificates are linked when they are in ``folder/certificates``, where
        ``theorems.run(..., evidence=...)`` puts them.
    folder : path
        Made when absent. Files of an earlier report are overwritten.
    draw : bool
        Regenerate the figures of the theorems in the ledger; without, the pages show none.
    report : callable, optional
        Called with the name of each figure when it is drawn.
    jobs : int
        Processes that draw.

    Returns
    -------
    list of Path
        The pages, the index first.

    Examples
    --------
    >>> import tempfile
    >>> from relu_theory.theorems import verify
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pages = write_report(verify("sauer1972", quick=True), folder, draw=False)
    ...     [page.name for page in pages]
    ['index.html', 'sauer1972.html']
    """
    folder = Path(folder)
    (folder / "papers").mkdir(parents=True, exist_ok=True)
    groups = _by_paper(ledger.rows)
    shown = _shown(stated for paper in groups.values() for stated in paper) if draw else []
    if shown:
        figures.regenerate(shown, folder / "figures", ledger.quick, _FORMATS, report, jobs)
    pages = {"index.html": index(groups, ledger, bool(shown))}
    for paper, found in groups.items():
        pages[f"papers/{paper}.html"] = paper_page(paper, found, set(shown), ledger.quick)
    if shown:
        pages["figures.html"] = gallery(shown, groups)
    (folder / "style.css").write_text(STYLE, encoding="utf-8")
    ledger.save(folder / _LEDGER)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


def _by_paper(rows: Iterable[Check]) -> dict[str, dict[Theorem, list[Check]]]:
    """The rows by theorem, the theorems by paper, both in the order of the ledger."""
    stated = {t.name: t for t in theorems()}
    found: dict[str, dict[Theorem, list[Check]]] = {}
    for name, group in groupby(rows, lambda row: row.theorem):
        if name in stated:
            found.setdefault(stated[name].paper, {})[stated[name]] = list(group)
    return found


def _shown(stated: Iterable[Theorem]) -> list[str]:
    """The figures of these theorems; of the whole ledger also the illustrations."""
    names = {t.name for t in stated}
    whole = len(names) == len(theorems())
    return [
        name
        for name in figures.names()
        if names & set(figures.theorems_of(name)) or (whole and not figures.theorems_of(name))
    ]
