r"""Check a certificate for the list of linear regions of a ReLU network. Standard library only.

Copy this file anywhere and run ``python check_certificate.py FILE``: it prints what is proved and
exits with 0, or says why the certificate is refused and exits with 1.

The statement
-------------
A network with hidden layers ``h_0 = x, p_l = W_l h_{l-1} + b_l, h_l = max(p_l, 0)`` and a
polyhedron D in R^d are given. A neuron is active at x where its pre-activation is positive. A
*proper activation region* is the set of points of D with one pattern of active neurons, if it has
interior points relative to the affine hull of D. The claim is the list of *all* their patterns.

The format
----------
A file is gzip-compressed JSON with exactly these keys. Exact numbers of a network are strings
"p" or "p/q" in lowest terms; "hex" is an integer string like "-1f"; rows are primitive (gcd 1);
every list said to be sorted is strictly increasing, so that it has no repetitions. ::

    format      the constant FORMAT below
    digest      SHA-256 (hex) of the statement as compact JSON with sorted keys, in ASCII
    statement
      network   {"weights": [matrix, ...], "biases": [vector, ...]}; the last pair is the output
                layer, which bears on no region but belongs to the network
      domain    {"dimension": d, "inequalities": rows, "equalities": rows}, both sorted, of
                integers (a_1, ..., a_d, b): a.x + b >= 0, or a.x + b = 0 with a positive first
                non-zero entry. A row with a = 0 is left out, or else reads 0 = 1 or -1 >= 0
      regions   {"count": n, "patterns": sorted n strings of "0" and "1", layer after layer}
    proof
      multipliers  hex, one for each inequality (>= 0) and then one for each equality; all 0, or
                   gcd 1. The sum of multiplier * row is (0, ..., 0, -c) with c >= 0
      generators   sorted integer vectors (x_1, ..., x_d, w), w >= 0, of hex: the vertices x/w of
                   the regions and, with w = 0, the directions of their unbounded edges
      cells        for each pattern the sorted indices of the generators of its region

Why it is a proof
-----------------
*Domain.* On D the sum of the multiplied rows is >= 0 and equal to -c. If c > 0, D is empty, and
there is no region. Otherwise an inequality with a positive multiplier vanishes on D ("implicit
equality"). Let L be the space of directions along which all rows of the domain and the first
layer are constant: D and the pattern are invariant under L, so both may be cut down to a
complement of L, namely x_f = 0 at the free columns f of the linear system that defines L. Write
H for the linear space of vectors y = (x, w) which satisfies the equalities, the implicit ones and
x_f = 0, and C for the cone in H where the other inequalities and w >= 0 hold. All generators are
checked to lie in C. Pre-activations extend to C by multiplying each bias by w.

*Soundness.* On the generators of a cell with pattern a, pre-activations are checked to be >= 0
and not all 0 where a has 1, and <= 0 where a has 0. By induction over the layers each is linear
on the cone K that these generators span, so inside K (positive combinations of them all) the
pattern is a. We call `rows` of K the pre-activations, the inequalities and w: linear functions
with a constant sign on K. The sum of a cell's generators gives an exact interior point of it.

*Faces.* For a set X of generators of K, the zero sets in X of the rows that are not 0 on all of X
belong to exposed faces of cone(X); let the `facets` of X be the inclusion-maximal ones (just the
empty set if there is no other). Its rank is 1 more than that of its facets, who are checked to
agree, and 0 for the empty set. Some row is not 0 at a generator, which is not 0 and not in L, so
passing to a facet lowers the dimension, and dim >= rank. The rank of a cell is checked to be
dim H, so dim = rank for all faces that occur, and they are facets of one another. (In particular
K has a ray as a face and contains no line.) Every facet of a facet of X is checked to be in two
of the facets of X. By induction these are *all* facets of cone(X): in a cone two facets meet in
each facet of a facet, and all facets are connected by such steps [Ziegler, Lectures on Polytopes,
Theorem 2.7 (iii), and 3.14 for the polar].

*Completeness.* Every facet of every cell is checked to lie in the boundary of C (an inequality or
w vanishes on it, but not on the cell), or to be a facet of two cells; these lie on opposite sides
since their patterns differ, so that their interiors are disjoint. Then the cells cover C: else
a generic segment inside C from the interior of a cell to a point that is not covered leaves the
cells for the first time at an interior point of a facet; beyond it lies the other cell. A further
proper region would have interior points in common with one of the cells, but another pattern.

The digest proves nothing: it ties the proof to the statement, since a proof that is valid for a
network is often valid with a changed output layer. Everything else is pinned down by the checks
above: the extreme generators of the cells are unique, and only they are accepted.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from itertools import chain, compress, pairwise
from math import gcd, lcm
from operator import and_, mul, or_
from typing import Any

FORMAT = "relu_theory: proper activation regions, version 1"

Vector = tuple[int, ...]
Record = dict[str, Any]
Layer = tuple[list[Vector], Vector, int]


class Refused(ValueError):
    """The certificate is malformed or proves nothing; the message says where."""


def check(certificate: Record) -> Record:
    """The statement that a certificate (the parsed JSON) proves; raises `Refused` otherwise.

    Evaluates the network once for each generator; the rest is linear in the number of faces.
    """
    try:
        return _check(certificate)
    except Refused:
        raise
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as e:
        raise Refused(f"malformed: {e!r}") from e


def _check(certificate: Record) -> Record:
    version, statement, digest, proof = _fields(
        certificate, "format", "statement", "digest", "proof"
    )
    _need(version == FORMAT, "this is another format")
    network, domain, regions = _fields(statement, "network", "domain", "regions")
    dimension, inequalities, equalities = _read_domain(domain)
    layers = _read_network(network, dimension)
    patterns = _read_patterns(regions, sum(len(biases) for _, biases, _ in layers))
    multipliers, generators, cells = _fields(proof, "multipliers", "generators", "cells")
    generators = [tuple(map(_hex, entries)) for entries in generators]
    implicit = _implicit_equalities(inequalities, equalities, list(map(_hex, multipliers)))
    if implicit is None:
        _need(not patterns and not generators and not cells, "the empty domain has no regions")
    else:
        constant = [*(layers[0][0] if layers else []), *inequalities, *equalities]
        free = set(range(dimension)) - set(_pivots(constant, dimension))
        hull = equalities + implicit + [_unit(f, dimension) for f in sorted(free)]
        _check_generators(generators, inequalities, hull, dimension)
        rank = dimension + 1 - len(_pivots(hull, dimension + 1))
        signs = [_signs(layers, inequalities, y) for y in generators]
        _check_cells(patterns, cells, signs, rank)
    _need(digest == digest_of(statement), "the digest is not that of the statement")
    return statement


def digest_of(statement: Record) -> str:
    """SHA-256 of the statement as compact JSON with sorted keys."""
    text = json.dumps(statement, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _read_network(network: Record, dimension: int) -> list[Layer]:
    """Hidden layers as integer weights and biases with their common denominator."""
    layers, width = [], dimension
    for weights, biases in zip(*_fields(network, "weights", "biases"), strict=True):
        _need(all(len(row) == width for row in weights), "the shapes of the layers do not fit")
        width = len(biases)
        _need(len(weights) == width > 0, "the shapes of the layers do not fit")
        exact = [list(map(_rational, row)) for row in [*weights, biases]]
        scale = lcm(*(entry.denominator for row in exact for entry in row))
        *rows, last = [tuple(int(entry * scale) for entry in row) for row in exact]
        layers.append((rows, last, scale))
    _need(bool(layers), "the network has no output layer")
    return layers[:-1]


def _read_domain(domain: Record) -> tuple[int, list[Vector], list[Vector]]:
    dimension, inequalities, equalities = _fields(domain, "dimension", "inequalities", "equalities")
    _need(_is_whole(dimension) and dimension > 0, "the dimension is not a positive integer")
    for rows in (inequalities, equalities):
        whole = all(_is_whole(entry) for row in rows for entry in row)
        fits = all(len(row) == dimension + 1 and gcd(*row) == 1 for row in rows)
        _need(whole and fits and _increasing(rows), "rows of the domain are not in canonical form")
    _need(all(any(a) or b < 0 for *a, b in inequalities), "an inequality says nothing")
    _need(all(next(filter(None, row)) > 0 for row in equalities), "an equality is not normalised")
    return dimension, list(map(tuple, inequalities)), list(map(tuple, equalities))


def _read_patterns(regions: Record, neurons: int) -> list[str]:
    count, patterns = _fields(regions, "count", "patterns")
    _need(_is_whole(count) and count == len(patterns), "the count is not that of the patterns")
    shaped = all(len(p) == neurons and set(p) <= {"0", "1"} for p in patterns)
    _need(shaped and _increasing(patterns), f"patterns are not sorted strings of {neurons} bits")
    return patterns


def _implicit_equalities(
    inequalities: list[Vector], equalities: list[Vector], multipliers: list[int]
) -> list[Vector] | None:
    """The inequalities proved to vanish on the domain; None if it is proved to be empty."""
    _need(all(m >= 0 for m in multipliers[: len(inequalities)]), "a multiplier is negative")
    _need(gcd(*multipliers) <= 1, "the multipliers have a common factor")
    pairs = zip(multipliers, inequalities + equalities, strict=True)
    terms = [[m * entry for entry in row] for m, row in pairs]
    *normal, constant = map(sum, zip(*terms, strict=True)) if terms else (0,)
    _need(not any(normal) and constant <= 0, "the multiplied rows do not add up to (0, -c)")
    if constant < 0:
        return None
    return [row for m, row in zip(multipliers, inequalities, strict=False) if m]


def _check_generators(
    generators: list[Vector], inequalities: list[Vector], hull: list[Vector], dimension: int
) -> None:
    primitive = all(len(y) == dimension + 1 and gcd(*y) == 1 for y in generators)
    _need(primitive and _increasing(generators), "the generators are not sorted primitive vectors")
    for y in generators:
        inside = y[-1] >= 0 and all(_dot(row, y) >= 0 for row in inequalities)
        _need(inside and not any(_dot(row, y) for row in hull), "a generator is not in the domain")
    _need(any(y[-1] for y in generators), "there is no vertex")


def _pivots(rows: Sequence[Vector], columns: int) -> list[int]:
    """Pivots of the rows among the first columns (as many as their rank there)."""
    found, left = [], [list(map(Fraction, row[:columns])) for row in rows]
    for column in range(columns):
        at = next((i for i, row in enumerate(left) if row[column]), None)
        if at is not None:
            found.append(column)
            pivot = left.pop(at)
            for i, row in enumerate(left):
                if row[column]:
                    factor = row[column] / pivot[column]
                    left[i] = [a - factor * b for a, b in zip(row, pivot, strict=True)]
    return found


def _signs(layers: list[Layer], inequalities: list[Vector], y: Vector) -> tuple[int, int, int]:
    """Bit masks of the rows that are positive, negative and zero at y = (x, w).

    Bits are neurons, layer after layer, then the inequalities, then w. Values are kept up to
    the product of the denominators so far, by which `scale` has multiplied w as well.
    """
    values: list[int] = []
    inputs, scale = list(y[:-1]), y[-1]
    for weights, biases, denominator in layers:
        active = list(filter(None, inputs))
        outputs = [
            sum(map(mul, compress(row, inputs), active), bias * scale)
            for row, bias in zip(weights, biases, strict=True)
        ]
        values += outputs
        inputs = [max(value, 0) for value in outputs]
        scale *= denominator
    values += [*(_dot(row, y) for row in inequalities), y[-1]]
    positive = sum(1 << j for j, value in enumerate(values) if value > 0)
    negative = sum(1 << j for j, value in enumerate(values) if value < 0)
    return positive, negative, (1 << len(values)) - 1 ^ positive ^ negative


def _check_cells(
    patterns: list[str], cells: list[list[int]], signs: list[tuple[int, int, int]], rank: int
) -> None:
    positive, negative, zero = zip(*signs, strict=True)
    faces, owners = _Faces(zero), Counter[int]()
    for pattern, cell in zip(patterns, cells, strict=True):
        _need(all(map(_is_whole, cell)) and _increasing([-1, *cell]), "a cell is not sorted")
        neurons, active = (1 << len(pattern)) - 1, int("0" + pattern[::-1], 2)
        reached = reduce(or_, (positive[i] for i in cell)) & neurons
        avoided = reduce(or_, (negative[i] for i in cell)) & active
        _need(reached == active and not avoided, "a cell has not the pattern of its region")
        label = faces.label(tuple(cell))
        _need(faces.rank[label] == rank, "a cell has not full dimension")
        inner = ~reduce(and_, (zero[i] for i in cell)) & ~neurons
        for facet in faces.facets[label]:
            if not inner & reduce(and_, (zero[i] for i in faces.members[facet]), -1):
                owners[facet] += 1
    _need(all(n == 2 for n in owners.values()), "a facet inside the domain is not in two cells")
    extreme = all((i,) in faces.labels for i in range(len(signs)))
    _need(extreme, "a generator is no vertex and no edge direction of a cell")


class _Faces:
    """Faces of the cells, each numbered and examined once although many cells share it."""

    def __init__(self, zero: Sequence[int]) -> None:
        self.zero_rows = [[j for j in range(z.bit_length()) if z >> j & 1] for z in zero]
        self.labels: dict[tuple[int, ...], int] = {(): 0}
        self.members: list[tuple[int, ...]] = [()]
        self.facets: list[list[int]] = [[]]
        self.rank = [0]

    def label(self, face: tuple[int, ...]) -> int:
        """The number of a face; its facets are found and examined before it."""
        if face not in self.labels:
            facets = [self.label(facet) for facet in self._maximal_zero_sets(face)]
            ridges = Counter(chain.from_iterable(self.facets[facet] for facet in facets))
            ranks = {self.rank[facet] for facet in facets}
            closed = len(ranks) == 1 and all(n == 2 for n in ridges.values())
            _need(closed, "the facets of a face do not close up")
            self.labels[face] = len(self.members)
            self.members.append(face)
            self.facets.append(facets)
            self.rank.append(ranks.pop() + 1)
        return self.labels[face]

    def _maximal_zero_sets(self, face: tuple[int, ...]) -> list[tuple[int, ...]]:
        zero_sets: dict[int, list[int]] = defaultdict(list)
        for generator in face:
            for row in self.zero_rows[generator]:
                zero_sets[row].append(generator)
        proper = {tuple(members) for members in zero_sets.values() if len(members) < len(face)}
        maximal: dict[tuple[int, ...], set[int]] = {}
        for members in sorted(proper, key=len, reverse=True):
            if not any(map(set(members).issubset, maximal.values())):
                maximal[members] = set(members)
        return list(maximal) or [()]


def _fields(record: Record, *names: str) -> list[Any]:
    _need(set(record) == set(names), f"the keys are not exactly {', '.join(names)}")
    return [record[name] for name in names]


def _rational(text: str) -> Fraction:
    _need(bool(re.fullmatch("-?[0-9]+(/[0-9]+)?", text)), f"{text!r} is no rational")
    value = Fraction(text)
    _need(str(value) == text, f"{text!r} is no rational in lowest terms")
    return value


def _hex(text: str) -> int:
    value = int(text, 16)
    _need(format(value, "x") == text, f"{text!r} is not a plain hexadecimal integer")
    return value


def _is_whole(value: object) -> bool:
    return type(value) is int


def _increasing(items: Sequence[Any]) -> bool:
    return all(a < b for a, b in pairwise(items))


def _dot(row: Sequence[int], y: Sequence[int]) -> int:
    return sum(map(mul, row, y))


def _unit(i: int, dimension: int) -> Vector:
    return tuple(int(i == j) for j in range(dimension + 1))


def _need(condition: bool, reason: str) -> None:
    if not condition:
        raise Refused(reason)


def main(arguments: Sequence[str]) -> int:
    """Check the file named on the command line."""
    if len(arguments) != 1:
        print("usage: python check_certificate.py FILE")
        return 2
    try:
        with gzip.open(arguments[0], "rt", encoding="ascii") as file:
            statement = check(json.load(file))
    except (OSError, EOFError, RecursionError, ValueError, zlib.error) as reason:
        print(f"refused: {reason}")
        return 1
    print(
        f"accepted: the network {digest_of(statement['network'])[:16]} has exactly "
        f"{statement['regions']['count']} proper activation regions on the domain "
        f"{digest_of(statement['domain'])[:16]}; the statement is {digest_of(statement)}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
