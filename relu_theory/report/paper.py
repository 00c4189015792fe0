"""The page of a paper: each theorem with its statement, its facts, its figures and its rows."""

import inspect
import shlex
import sys
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from itertools import groupby

from relu_theory import figures
from relu_theory.report.html import badge, code, number, page, prose, tally
from relu_theory.theorems import MARKS, Check, Theorem, location, where_tested
from relu_theory.theorems.check import show
from relu_theory.theorems.formula import to_mathml, to_unicode
from relu_theory.theorems.plan import FIRST_SEED

__all__ = ["paper_page", "titles"]

_OPEN, _MOST_ROWS = 8, 300
_SIGNS = {"==": "=", "<=": "≤", ">=": "≥"}


def paper_page(
    paper: str, found: Mapping[Theorem, list[Check]], shown: set[str], quick: bool
) -> str:
    """The page of one paper."""
    parts = [f"<h1>{escape(paper)}</h1>"]
    for module, group in groupby(found, lambda stated: stated.name.split(".")[0]):
        stated = list(group)
        parts += _about(module)
        if len(stated) > 1:
            links = (f'<li><a href="#{_anchor(t)}">{escape(_short(t))}</a></li>' for t in stated)
            parts.append(f'<nav class="toc" aria-label="{module}"><ol>{"".join(links)}</ol></nav>')
        parts += [_theorem(one, found[one], shown, quick) for one in stated]
    crumbs = f' <span aria-hidden="true">/</span> <span aria-current="page">{escape(paper)}</span>'
    return page(f"{paper}: theorems checked", "\n".join(parts), 1, crumbs)


def _about(module: str) -> list[str]:
    first, *rest = _docstring(module).split("\n\n")
    return [f'<p class="lead">{prose(first)}</p>', *(f"<p>{prose(part)}</p>" for part in rest)]


def titles(found: Mapping[Theorem, list[Check]]) -> str:
    """The first sentence about each file of a paper."""
    modules = dict.fromkeys(stated.name.split(".")[0] for stated in found)
    return "; ".join(prose(_docstring(module).split("\n\n")[0]) for module in modules)


def _docstring(module: str) -> str:
    return inspect.getdoc(sys.modules[f"relu_theory.theorems.{module}"]) or module


def _short(stated: Theorem) -> str:
    return stated.name.split(".")[1].replace("_", " ")


def _anchor(stated: Theorem) -> str:
    return stated.name.replace(".", "-")


def _theorem(stated: Theorem, rows: list[Check], shown: set[str], quick: bool) -> str:
    # The formula as text serves readers whose program does not read MathML.
    label = escape(to_unicode(stated.latex))
    return f"""<section id="{_anchor(stated)}" class="theorem">
<h2>{escape(_short(stated))} <span class="mark">{escape(stated.mark)}</span></h2>
<p class="statement">{prose(stated.statement)}</p>
<div class="formula" role="group" aria-label="{label}">{to_mathml(stated.latex)}</div>
{_facts(stated)}
{_figures(stated, shown)}
{_rows(stated, rows, quick)}
</section>"""


def _facts(stated: Theorem) -> str:
    path, line = location(stated)
    facts = {
        "Assumes": prose(stated.hypotheses),
        "Source": _source(stated),
        "Mark": f"{escape(stated.mark)}: {escape(MARKS[stated.mark])}",
        "Claim": f"computed {_SIGNS[stated.relation]} predicted; {escape(stated.arithmetic)}",
        "Code": code(f"relu_theory/theorems/{path.name}:{line}"),
        "Tests": "<br>".join(code(test) for test in where_tested(stated)),
        "Repeat": code(f"relu-theory verify {stated.name}"),
    }
    lines = (f"<div><dt>{name}</dt><dd>{text}</dd></div>" for name, text in facts.items())
    return f'<dl class="facts">{"".join(lines)}</dl>'


def _source(stated: Theorem) -> str:
    number_ = escape(stated.number, quote=False)
    if not stated.arxiv:
        return f"{escape(stated.paper)}: {number_}"
    link = f'<a href="https://arxiv.org/abs/{stated.arxiv}" rel="external">arXiv {stated.arxiv}</a>'
    return f"{escape(stated.paper)}, {link}: {number_}"


def _figures(stated: Theorem, shown: set[str]) -> str:
    names = [name for name in figures.showing(stated.name) if name in shown]
    parts = (
        f'<figure><a href="../figures.html#{name}"><img src="../figures/{name}.png" loading="lazy" '
        f'alt="{escape(figures.caption(name))}"></a>'
        f"<figcaption>{prose(figures.caption(name))}</figcaption></figure>"
        for name in names
    )
    return "\n".join(parts)


def _rows(stated: Theorem, rows: list[Check], quick: bool) -> str:
    listed = rows[:_MOST_ROWS]
    body = "\n".join(_row(stated, row, quick) for row in listed)
    left = len(rows) - len(listed)
    rest = f'<p>{left} more rows are in <a href="../ledger.json">ledger.json</a>.</p>'
    seconds = sum(row.seconds for row in rows)
    is_open = " open" if len(rows) <= _OPEN or any(r.verdict.name != "HOLDS" for r in rows) else ""
    return f"""<details class="rows"{is_open}>
<summary>{_plural(len(rows))} {tally([row.verdict.name for row in rows])} <span
class="quiet">{seconds:.2f} s</span></summary>
<div class="scroll" tabindex="0" role="region" aria-label="Rows of {escape(_short(stated))}"><table>
<thead><tr><th scope="col">Instance</th><th scope="col">Computed</th>
<th scope="col"><span class="hidden">Relation</span></th><th scope="col">Predicted</th>
<th scope="col">Verdict</th></tr></thead>
<tbody>
{body}
</tbody></table></div>{rest if left else ''}
</details>"""


def _plural(count: int) -> str:
    return f"{count} {'instance' if count == 1 else 'instances'}"


def _row(stated: Theorem, row: Check, quick: bool) -> str:
    computed, predicted = show(row.computed), show(row.predicted)
    proof = (
        f'<li><a href="../certificates/{escape(row.file)}" download>certificate</a> '
        f"({escape(str(row.to_dict()['certificate']))})</li>"
        if row.file
        else ""
    )
    note = f"<li>{escape(row.note, quote=False)}</li>" if row.note else ""
    details = f"""<ul><li>{code(_command(stated, row, quick))}</li>
<li>computed {code(_exact(computed))}</li><li>predicted {code(_exact(predicted))}</li>{proof}{note}
<li>{row.seconds:.4f} s</li></ul>"""
    has = '<span class="quiet"> + certificate</span>' if row.file else ""
    name = escape(row.instance, quote=False)
    return f"""<tr><th scope="row"><details><summary>{name}{has}</summary>
{details}</details></th>
<td>{number(computed)}</td><td class="sign">{_SIGNS[row.relation]}</td><td>{number(predicted)}</td>
<td>{badge(row.verdict.name)}</td></tr>"""


def _exact(value: object) -> str:
    return f"[{', '.join(map(_exact, value))}]" if isinstance(value, list) else str(value)


def _command(stated: Theorem, row: Check, quick: bool) -> str:
    """The command that computes this row and no other."""
    command = f"relu-theory verify {stated.name} --instance {shlex.quote(row.instance)}"
    fixed, heavier = _names(stated, quick)
    if row.instance in fixed:
        return command + (" --quick" if quick else "")
    if row.instance in heavier:
        return command + " --thorough --instances 0"
    return command + f" --instances 1 --seed {_seed(row.instance)}"


@lru_cache(maxsize=4)
def _names(stated: Theorem, quick: bool) -> tuple[frozenset[str], frozenset[str]]:
    parts = (stated.instances(quick), stated.heavier())
    fixed, heavier = (frozenset(case.name for case in part) for part in parts)
    return fixed, heavier


def _seed(name: str) -> int:
    """The seed that ends the name of a seeded case, with what follows it cut off."""
    digits = name.rpartition("seed ")[2].split(",")[0]
    return int(digits) if digits.isdigit() else FIRST_SEED
