"""Multipliers that prove multi-neuron bounds, in the format of `check_hulls`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from flint import fmpq, fmpq_mat

from relu_theory.certificate import network_part
from relu_theory.errors import TooLarge
from relu_theory.intervals import Interval
from relu_theory.relaxation import check_hulls
from relu_theory.relaxation.exact_lp import minimise
from relu_theory.relaxation.hulls import LayerHull
from relu_theory.relaxation.trace import Trace

__all__ = ["hull_certificate"]

ZERO, ONE = fmpq(0), fmpq(1)
MOST_CASES = 50_000
Form = list[fmpq]
"""Coefficients and constant of an affine function."""
Pairs = list[list[Any]]


def hull_certificate(trace: Trace) -> dict[str, Any]:
    """The proof of the bounds of a multi-neuron trace as a JSON object.

    Raises
    ------
    TooLarge
        When some half-space has too many cases.
    """
    facts = _box_facts(trace.box)
    known = _Known(facts, _corners(trace.box))
    layers = []
    exact = trace.net.exact
    for i, (weight, bias) in enumerate(zip(exact.weights, exact.biases, strict=True)):
        values = [[*row, b] for row, b in zip(weight.table(), bias, strict=True)]
        interval = trace.intervals[i]
        layer = {"lower": _texts(interval.lower), "upper": _texts(interval.upper)}
        proof = [known.proof(form) for form in values + [[-x for x in form] for form in values]]
        layers.append({**layer, "proof": proof})
        if i < trace.net.depth:
            hull = trace.hulls[i]
            layers[-1].update(_hidden(hull, values, interval, known))
            known = _Known([_form(facet) for facet in hull.facets], hull.vertices)
    return {
        "format": check_hulls.FORMAT,
        "network": network_part(trace.net),
        "box": {"lower": _texts(trace.box.lower), "upper": _texts(trace.box.upper)},
        "layers": layers,
    }


class _Known:
    """Half-spaces of a polytope and points among which are all its vertices."""

    def __init__(self, rows: list[Form], points: Iterable[Sequence[fmpq]]) -> None:
        self.rows, self.points = rows, [list(point) for point in points]

    def least(self, form: Form) -> dict[int, fmpq]:
        """Multipliers of the rows that prove the minimum of an affine function."""
        points = sorted(self.points, key=lambda point: _value(form, point))
        basis = next(filter(None, map(self._basis, points)))
        rows, rhs = [row[:-1] for row in self.rows], [-row[-1] for row in self.rows]
        return minimise(rows, rhs, form[:-1], None, basis).multipliers

    def _basis(self, point: list[fmpq]) -> list[int]:
        """Rows that determine a point; none if it is no vertex."""
        tight = (i for i, row in enumerate(self.rows) if not _value(row, point))
        basis = _independent(self.rows, tight, len(point))
        return basis if len(basis) == len(point) else []

    def proof(self, form: Form) -> Pairs:
        return _pairs(self.least(form))

    def lifted(self, forms: Sequence[Form]) -> _Known:
        """The points (x, z) with z at least 0 and at least each of the forms of x."""
        size = len(forms)
        rows = [[*row[:-1], *[ZERO] * size, row[-1]] for row in self.rows]
        for j, form in enumerate(forms):
            unit = [fmpq(i == j) for i in range(size)]
            rows.append([*[ZERO] * (len(form) - 1), *unit, ZERO])
            rows.append([*(-a for a in form[:-1]), *unit, -form[-1]])
        points = (
            [*x, *(max(_value(form, x), ZERO) for form in forms)] for x in self.points
        )
        return _Known(rows, points)


def _hidden(
    hull: LayerHull, values: list[Form], ends: Interval, known: _Known
) -> dict[str, list[Any]]:
    rows = [_form(row) for row in hull.rows]
    cases = [list(_cases(row, values, ends, known)) for row in rows]
    size = len(known.rows)
    if hull.lifted:
        wide = [[*row[:-1], *[ZERO] * len(values), row[-1]] for row in known.rows]
        both = _Known(wide + rows, hull.lifted)
        inputs = [ZERO] * (len(values[0]) - 1)
        proofs = [both.proof([*inputs, *_form(facet)]) for facet in hull.facets]
    else:
        proofs = [[[size + i, "1"]] for i, _ in enumerate(rows)]
    facets = [list(map(str, facet)) for facet in hull.facets]
    return {"rows": [_texts(row) for row in rows], "cases": cases,
            "facets": facets, "multipliers": proofs}  # fmt: skip


def _cases(row: Form, values: list[Form], ends: Interval, known: _Known) -> Iterator[Any]:
    """For each choice of the terms with a negative factor: slopes of the others, multipliers."""
    inputs = len(values[0]) - 1
    outer = row[inputs:-1]
    options = list(map(check_hulls.choices, outer, *ends))
    convex = [j for j, a in enumerate(outer) if a > 0]
    if 2 ** sum(len(option) == 2 for option in options) > MOST_CASES:
        raise TooLarge(
            f"a facet of the hulls has more than {MOST_CASES} cases; take smaller groups"
        )
    lifted = known.lifted([values[j] for j in convex])
    for choice in product(*options):
        affine = [*row[:inputs], row[-1]]
        for a, own, value in zip(outer, choice, values, strict=True):
            if own:
                affine = [x + a * v for x, v in zip(affine, value, strict=True)]
        goal = [*affine[:-1], *(outer[j] for j in convex), affine[-1]]
        found = lifted.least(goal)
        slopes, first = [ZERO] * len(outer), len(known.rows)
        for position, j in enumerate(convex):
            slopes[j] = found.get(first + 2 * position + 1, ZERO) / outer[j]
        own_rows = {i: y for i, y in found.items() if i < first}
        yield {"slopes": _texts(slopes), "multipliers": _pairs(own_rows)}


def _independent(rows: Sequence[Form], chosen: Iterable[int], size: int) -> list[int]:
    """The first rows among the chosen ones that are linearly independent."""
    found: list[int] = []
    for i in chosen:
        if fmpq_mat([rows[k][:-1] for k in (*found, i)]).rank() > len(found):
            found.append(i)
        if len(found) == size:
            break
    return found


def _box_facts(box: Interval) -> list[Form]:
    facts = []
    size = len(box.lower)
    for i, (low, up) in enumerate(zip(*box, strict=True)):
        facts.append([*(fmpq(i == j) for j in range(size)), -low])
        facts.append([*(fmpq(-(i == j)) for j in range(size)), up])
    return facts


def _corners(box: Interval) -> list[tuple[fmpq, ...]]:
    return list(product(*map(sorted, map(set, zip(*box, strict=True)))))


def _form(row: Sequence[Any]) -> Form:
    return list(map(fmpq, row))


def _value(form: Form, point: Sequence[fmpq]) -> fmpq:
    return sum((a * x for a, x in zip(form, point, strict=False) if a), form[-1])


def _pairs(found: dict[int, fmpq]) -> Pairs:
    return [[i, str(y)] for i, y in sorted(found.items()) if y]


def _texts(values: Iterable[Any]) -> list[str]:
    return list(map(str, values))
