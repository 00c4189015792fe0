"""The index of a report: the verdict on the whole, the papers, and what the marks mean."""

from collections.abc import Mapping
from html import escape

from relu_theory.report.html import code, page, tally
from relu_theory.report.paper import titles
from relu_theory.theorems import MARKS, Check, Ledger, Theorem

__all__ = ["index"]


def index(
    groups: Mapping[str, Mapping[Theorem, list[Check]]], ledger: Ledger, has_figures: bool
) -> str:
    """The first page."""
    number = sum(map(len, groups.values()))
    verdicts = [row.verdict.name for row in ledger.rows]
    seconds = sum(row.seconds for row in ledger.rows)
    gallery = '<a class="button" href="figures.html">Figures</a>' if has_figures else ""
    quick = " A quick run: fewer and smaller instances." if ledger.quick else ""
    body = f"""<h1>The ledger of theorems</h1>
<p class="lead">{number} statements about ReLU networks, checked on {len(ledger.rows)} instances:
what was computed from the network against what the statement predicts, in exact arithmetic
unless a row says otherwise.{quick}</p>
<p class="summary">{tally(verdicts)} <span class="quiet">{seconds:.0f} s of computing</span></p>
<p>{gallery} <a class="button" href="ledger.json" download>All rows as JSON</a></p>
<h2>Papers</h2>
<ul class="papers">
{"".join(_paper(name, found) for name, found in groups.items())}
</ul>
<h2>What the marks mean</h2>
<dl class="facts">{"".join(_mark(name, text) for name, text in MARKS.items())}</dl>
<p>A result that is derived here is never presented as the paper's.</p>
<h2>Repeat it</h2>
<p>The whole: {code("relu-theory verify --html report")}. One theorem, or one row: the command
stands on the page of its paper. {code("relu-theory show THEOREM")} prints where its code, its
tests and its figures are.</p>"""
    return page("relu_theory: the ledger of theorems", body)


def _paper(name: str, found: Mapping[Theorem, list[Check]]) -> str:
    verdicts = [row.verdict.name for rows in found.values() for row in rows]
    theorems = f"{len(found)} {'theorem' if len(found) == 1 else 'theorems'}"
    return f"""<li><a href="papers/{escape(name)}.html">{escape(name)}</a>
<p>{titles(found)}</p>
<p class="quiet">{theorems} {tally(verdicts)}</p></li>
"""


def _mark(name: str, text: str) -> str:
    return f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>"
