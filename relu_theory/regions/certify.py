"""Certificates for the list of regions: what the search found, as a proof for others to check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import mul
from typing import Any

from flint import fmpq

from relu_theory import check_certificate as checker
from relu_theory.certificate import Certificate, make_statement
from relu_theory.domain import Polyhedron, resolve
from relu_theory.errors import CertificateError
from relu_theory.exact.farkas import nonnegative_combination
from relu_theory.exact.linalg import nullspace
from relu_theory.exact.numbers import primitive
from relu_theory.network import ReluNetwork

__all__ = ["certificate_of_cells", "certify"]

Vector = tuple[int, ...]


def certify(net: ReluNetwork, domain: Polyhedron | None = None, **options: Any) -> Certificate:
    """A certificate for the list of proper activation regions of a network on a domain.

    Parameters
    ----------
    net : ReluNetwork
    domain : Box, Polytope or WholeSpace, optional
        None is all of R^d. It may be unbounded, lower-dimensional or empty.
    **options
        Passed to `relu_theory.regions.cells`.

    Returns
    -------
    Certificate
        Its ``check`` proves that the regions exist and that none is missing. It does so with
        code that shares nothing with the search: a mistake of the search is refused there.

    Raises
    ------
    CertificateError
        When the search has found no region of a domain that is not empty.

    Notes
    -----
    All cells are kept in memory. The certificate lists the distinct vertices and directions of
    unbounded edges, and for each region its own among them; see `relu_theory.check_certificate`.
    """
    from relu_theory.regions import cells

    return certificate_of_cells(net, domain, cells(net, domain, **options))


def certificate_of_cells(
    net: ReluNetwork, domain: Polyhedron | None, cells: Iterable[Any]
) -> Certificate:
    """A certificate from a stream of all cells of a network on a domain.

    Parameters
    ----------
    cells : iterable of objects with ``pattern`` and ``generators()``
        The first entry of ``generators()`` lists primitive integer tuples (x_1, ..., x_d, w) in
        the coordinates of the domain: w > 0 for a vertex x / w, w = 0 for a direction. Where the
        cells contain lines, these may come in any form; they are divided out.
    """
    place = resolve(domain, net.input_dim)
    statement = make_statement(net, place, [])
    inequalities, equalities = (
        statement["domain"]["inequalities"],
        statement["domain"]["equalities"],
    )
    modulo_lines = _modulo_lines(net, [*inequalities, *equalities])
    found = {_bits(cell.pattern): set(map(modulo_lines, cell.generators()[0])) for cell in cells}
    table = sorted({y for generators in found.values() for y in generators if any(y)})
    index = {y: i for i, y in enumerate(table)}
    statement["regions"] = {"count": len(found), "patterns": sorted(found)}
    proof = {
        "multipliers": [format(m, "x") for m in _multipliers(inequalities, equalities, table)],
        "generators": [[format(entry, "x") for entry in y] for y in table],
        "cells": [sorted(index[y] for y in found[bits] if any(y)) for bits in sorted(found)],
    }
    digest = checker.digest_of(statement)
    return Certificate(
        {"format": checker.FORMAT, "digest": digest, "statement": statement, "proof": proof}
    )


def _bits(pattern: Iterable[Iterable[bool]]) -> str:
    return "".join("01"[bool(bit)] for layer in pattern for bit in layer)


def _modulo_lines(net: ReluNetwork, rows: Sequence[Sequence[int]]) -> Callable[[Vector], Vector]:
    """The map that moves a generator along the lines common to all cells to where they are 0."""
    first_layer = net.exact.weights[0].table() if net.depth else []
    normals = [*first_layer, *(row[:-1] for row in rows)]
    lines = [(*line, 0) for line in nullspace(normals, net.input_dim)]
    # A line of this basis is the only one that is not 0 at its own free coordinate, its last.
    free = [max(i for i, entry in enumerate(line) if entry) for line in lines]

    def modulo_lines(y: Vector) -> Vector:
        for line, i in zip(lines, free, strict=True):
            y = tuple(line[i] * a - y[i] * b for a, b in zip(y, line, strict=True))
        return primitive(y) if lines else y

    return modulo_lines


def _multipliers(
    inequalities: Sequence[Sequence[int]],
    equalities: Sequence[Sequence[int]],
    generators: Sequence[Vector],
) -> Vector:
    """Multipliers of the rows which prove the domain's implicit equalities, or that it is empty."""
    implicit = [
        i
        for i, row in enumerate(inequalities)
        if not any(sum(map(mul, row, y)) for y in generators)
    ]
    size = len(inequalities) + len(equalities)
    if generators and not implicit:
        return (0,) * size
    columns = [inequalities[i] for i in implicit]
    both_ways = [*equalities, *([-a for a in row] for row in equalities)]
    target: list[int] | None = [-sum(entries) for entries in zip(*columns, strict=True)]
    if not generators:
        target = [0] * (len([*columns, *both_ways][0]) - 1) + [-1] if size else None
    found = None if target is None else nonnegative_combination([*columns, *both_ways], target)
    if found is None:
        raise CertificateError("the cells are not those of the domain: some or all are missing")
    multipliers = [fmpq(0)] * size
    for i, value in zip(implicit, found, strict=False):
        multipliers[i] = value + bool(generators)
    for i in range(len(equalities)):
        plus = found[len(implicit) + i]
        multipliers[len(inequalities) + i] = plus - found[len(implicit) + len(equalities) + i]
    return primitive(multipliers)
