"""Relaxed bounds of a network with one input as explicit functions of the ends of the box."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from relu_theory.domain import Box
from relu_theory.errors import InvalidInput
from relu_theory.intervals import enclosing_box
from relu_theory.network import ReluNetwork
from relu_theory.regions import cells
from relu_theory.relaxation.interval_ends import ends_network, subboxes
from relu_theory.relaxation.polygons import Line, triangle_cells
from relu_theory.relaxation.subboxes import breaks
from relu_theory.relaxation.univariate import OneLayer

__all__ = ["parametric_bounds"]

ONE_LAYER = ("true", "deeppoly0", "deeppoly1", "triangle")


def parametric_bounds(
    net: ReluNetwork, domain: Any, method: str, output: int = 0
) -> tuple[Any, ...]:
    """The bounds on the box [l, u] as symbolic functions of l and u.

    Parameters
    ----------
    net : ReluNetwork with one input
        Of any depth for ``"ibp"``, with one hidden layer otherwise.
    domain : Box with one coordinate, not a point
    method : {"ibp", "deeppoly0", "deeppoly1", "triangle", "true"}
        ``"true"`` is the exact range.
    output : int

    Returns
    -------
    lower, upper : sympy.Piecewise
        In the symbols ``l`` and ``u``, for l <= u in the domain. Affine pieces for interval
        arithmetic, minima and maxima of affine ones for DeepPoly and the true range, and of
        rational ones for the triangle.

    Raises
    ------
    InvalidInput
        For other networks, methods or domains.

    Notes
    -----
    See `relu_theory.relaxation.univariate` for the closed forms.

    Examples
    --------
    >>> size = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    >>> lower, upper = parametric_bounds(size, Box(-2, 2, dim=1), "ibp")
    >>> upper.subs({"l": -1, "u": 2})
    3
    """
    box = enclosing_box(domain, net.input_dim)
    if net.input_dim != 1 or box.lower == box.upper:
        raise InvalidInput(
            f"the network needs one input and the domain an interval, got {net.input_dim} inputs "
            f"and {box}; restrict the network to a line"
        )
    if method not in ("ibp", *ONE_LAYER) or (method != "ibp" and net.depth != 1):
        raise InvalidInput(
            f"method must be 'ibp', or one of {ONE_LAYER} with one hidden layer, got {method!r} "
            f"with {net.depth}"
        )
    if not 0 <= output < net.output_dim:
        raise InvalidInput(f"output must be from 0 to {net.output_dim - 1}, got {output!r}")
    if method == "ibp":
        return _interval_ends(net, box, output)
    lower = _closed_form(OneLayer(net, output, 1, breaks(net, box)), method)
    return lower, -_closed_form(OneLayer(net, output, -1, breaks(net, box)), method)


def _affine(line: Any) -> Any:
    import sympy

    l, u = sympy.symbols("l u")  # noqa: E741
    a, b, c = (sympy.Rational(v.numerator, v.denominator) for v in line)
    return a * l + b * u + c


def _interval_ends(net: ReluNetwork, box: Box, output: int) -> tuple[Any, ...]:
    import sympy

    pieces: tuple[list[Any], list[Any]] = ([], [])
    for cell in cells(ends_network(net), subboxes(box)):
        rows = ([*f.normal, f.offset] for f in cell.facets())
        inside = sympy.And(*(_affine(map(Fraction, row)) >= 0 for row in rows))
        for side, found in enumerate(pieces):
            row = side * net.output_dim + output
            found.append((_affine([*cell.gradient[row], cell.offset[row]]), inside))
    return tuple(sympy.Piecewise(*found) for found in pieces)


def _closed_form(function: OneLayer, method: str) -> Any:
    import sympy

    # A neuron whose kink is an end of the box is stable: cells are half open.
    diagonal, others = [], []
    for i, j, _ in triangle_cells(function.knots):
        ends = function.knots[i], function.knots[i + 1], function.knots[j], function.knots[j + 1]
        a, b, c, d = (_affine((Fraction(0), Fraction(0), knot)) for knot in ends)
        l, u = sympy.symbols("l u")  # noqa: E741
        value = sympy.Min(*_terms(function, i, j, method))
        if i == j:
            diagonal.append((value, sympy.And(l >= a, u <= d)))
        else:
            others.append((value, sympy.And(l >= a, l < b, u > c, u <= d)))
    return sympy.Piecewise(*diagonal, *others)


def _terms(function: OneLayer, i: int, j: int, method: str) -> Iterator[Any]:
    """Expressions whose least one is the lower bound in a cell."""
    lines: list[Line] = function.minima(i, j)
    if method in ("deeppoly0", "deeppoly1"):
        lines = function.deeppoly(i, j, function.slopes(method, (Fraction(0), Fraction(0))))
    elif method == "triangle":
        lines = lines[:2]
    yield from map(_affine, lines)
    if method == "triangle":
        import sympy

        l, u = sympy.symbols("l u")  # noqa: E741
        (s, p), (t, q) = function.piece(i, False), function.piece(j, False)
        left, right = _affine((s, Fraction(0), p)), _affine((Fraction(0), t, q))
        for kink in function.knots[i + 1 : j + 1]:
            pair = function.convex_part(kink), kink
            at, k = (_affine((Fraction(0), Fraction(0), v)) for v in pair)
            yield at + (left * (u - k) + right * (k - l)) / (u - l)
