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

*Faces.* For a set X of generators of K the zero sets of rows that are not 0 on all of X are the
generator sets of exposed faces of cone(X); let its `facets` be the inclusion-maximal ones (the
empty set, if there is no other). The rank is 0 for the empty set and else 1 more than that of the
facets, who must agree. Passing to a facet lowers the dimension, hence dim >= rank; the rank
of a cell is checked to be dim H, so dim = rank for all faces that occur. (In particular K has a
ray as a face and contains no line.) Every facet of a facet of X is checked to be shared by two of
the facets. By induction these are *all* facets of cone(X): two facets meet in each facet of a
facet of a cone, and all facets are connected by such steps [Ziegler, Lectures on Polytopes,
Theorems 2.7 and 3.14, for the polar polytope].

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
from itertools import chain, pairwise
from math import gcd, lcm
from operator import and_, mul, or_

FORMAT = "relu_theory: proper activation regions, version 1"

Vector = tuple[int, ...]
Layer = tuple[list[Vector], Vector, int]


class Refused(ValueError):
    """The certificate is malformed or proves nothing; the message says where."""


def check(certificate: dict) -> dict:
    """The statement that a certificate (the parsed JSON) proves; raises `Refused` otherwise.

    Evaluates the network once per generator; the rest is linear in the number of faces.
    """
    try:
        return _check(certificate)
    except Refused:
        raise
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as e:
        raise Refused(f"malformed: {e!r}") from e


def _check(certificate: dict) -> dict:
    version, digest, statement, proof = _fields(
        certificate, "format", "digest", "statement", "proof"
    )
    _need(version == FORMAT, f"format is not {FORMAT!r}")
    network, domain, regions = _fields(statement, "network", "domain", "regions")
    dimension, inequalities, equalities = read_domain(domain)
    layers = read_network(network, dimension)
    patterns = _read_patterns(regions, sum(len(biases) for _, biases, _ in layers))
    multipliers, generators, cells = _fields(proof, "multipliers", "generators", "cells")
    generators = [tuple(map(_hex, entries)) for entries in generators]
    implicit = _implicit_equalities(inequalities, equalities, list(map(_hex, multipliers)))
    if implicit is None:
        _need(not patterns and not generators and not cells, "regions in an empty domain")
    else:
        free = free_columns(layers, inequalities, equalities, dimension)
        fixed = [tuple(int(f == i) for i in range(dimension + 1)) for f in free]
        hull = equalities + implicit + fixed
        _check_generators(generators, inequalities, hull, dimension)
        rank = dimension + 1 - len(pivots(hull, dimension + 1))
        signs = [evaluate(layers, inequalities, y) for y in generators]
        _check_cells(patterns, cells, signs, rank)
    _need(digest == digest_of(statement), "the digest is not that of the statement")
    return statement


def digest_of(statement: dict) -> str:
    """SHA-256 of the statement as compact JSON with sorted keys."""
    text = json.dumps(statement, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def read_network(network: dict, dimension: int) -> list[Layer]:
    """Hidden layers as (integer weights, integer biases, common denominator)."""
    layers, width = [], dimension
    for weights, biases in zip(*_fields(network, "weights", "biases"), strict=True):
        _need(
            len(weights) == len(biases) > 0 and all(len(row) == width for row in weights),
            "the shapes of the layers do not fit",
        )
        exact, width = (
            [[_rational(entry) for entry in row] for row in [*weights, biases]],
            len(biases),
        )
        scale = lcm(*(entry.denominator for row in exact for entry in row))
        *rows, last = [tuple(int(entry * scale) for entry in row) for row in exact]
        layers.append((rows, last, scale))
    return layers[:-1] if layers else _need(False, "the network has no output layer")


def read_domain(domain: dict) -> tuple[int, list[Vector], list[Vector]]:
    """Dimension, inequalities and equalities."""
    dimension, inequalities, equalities = _fields(domain, "dimension", "inequalities", "equalities")
    _need(type(dimension) is int and dimension > 0, "the dimension is not a positive integer")
    for rows in (inequalities, equalities):
        _need(_increasing(rows), "the rows of the domain are not sorted")
        for row in rows:
            _need(
                all(type(entry) is int for entry in row), "a row of the domain is not of integers"
            )
            _need(
                len(row) == dimension + 1 and gcd(*row) == 1, "a row of the domain is not primitive"
            )
    _need(all(any(a) or b < 0 for *a, b in inequalities), "an inequality says nothing")
    _need(all(next(filter(None, row)) > 0 for row in equalities), "an equality is not normalised")
    return dimension, list(map(tuple, inequalities)), list(map(tuple, equalities))


def free_columns(
    layers: Sequence[Layer], inequalities: list[Vector], equalities: list[Vector], dimension: int
) -> list[int]:
    """Coordinates fixed to 0: a complement of the directions along which nothing changes."""
    first_layer = layers[0][0] if layers else []
    normals = [row[:dimension] for row in [*first_layer, *inequalities, *equalities]]
    return sorted(set(range(dimension)) - set(pivots(normals, dimension)))


def pivots(rows: Sequence[Vector], columns: int) -> list[int]:
    """Pivot columns of the rows (as many as their rank), by Gaussian elimination."""
    found, left = [], [list(map(Fraction, row)) for row in rows]
    for column in range(columns):
        at = next((i for i, row in enumerate(left) if row[column]), None)
        if at is not None:
            pivot = left.pop(at)
            found.append(column)
            factors = [row[column] / pivot[column] for row in left]
            left = [
                [a - f * b for a, b in zip(row, pivot, strict=True)] if f else row
                for f, row in zip(factors, left, strict=True)
            ]
    return found


def evaluate(
    layers: Sequence[Layer], inequalities: list[Vector], y: Vector
) -> tuple[int, int, int]:
    """Bit masks of the rows that are positive, negative and zero at y = (x, w).

    Bits are neurons, layer after layer, then the inequalities, then w. Values are kept up to
    the product of the denominators so far, by which `scale` has multiplied w as well.
    """
    values, inputs, scale = [], y[:-1], y[-1]
    for weights, biases, denominator in layers:
        inputs = [
            sum(map(mul, row, inputs)) + bias * scale
            for row, bias in zip(weights, biases, strict=True)
        ]
        values += inputs
        inputs = [max(value, 0) for value in inputs]
        scale *= denominator
    values += [sum(map(mul, row, y)) for row in inequalities]
    values.append(y[-1])
    positive = sum(1 << j for j, value in enumerate(values) if value > 0)
    zero = sum(1 << j for j, value in enumerate(values) if value == 0)
    return positive, (1 << len(values)) - 1 & ~positive & ~zero, zero


def _implicit_equalities(
    inequalities: list[Vector], equalities: list[Vector], multipliers: list[int]
) -> list[Vector] | None:
    """The inequalities proved to vanish on the domain; None if it is proved to be empty."""
    rows = inequalities + equalities
    _need(all(m >= 0 for m in multipliers[: len(inequalities)]), "a multiplier is negative")
    _need(gcd(*multipliers) <= 1, "the multipliers have a common factor")
    terms = [[m * entry for entry in row] for m, row in zip(multipliers, rows, strict=True)]
    *normal, constant = map(sum, zip(*terms, strict=True)) if terms else (0,)
    _need(not any(normal) and constant <= 0, "the multiplied rows do not add up to (0, -c)")
    if constant < 0:
        return None
    return [row for m, row in zip(multipliers, inequalities, strict=False) if m]


def _check_generators(
    generators: list[Vector], inequalities: list[Vector], hull: list[Vector], dimension: int
) -> None:
    _need(_increasing(generators), "the generators are not sorted")
    for y in generators:
        _need(len(y) == dimension + 1 and gcd(*y) == 1, f"generator {y} is not primitive")
        inside = y[-1] >= 0 and all(sum(map(mul, row, y)) >= 0 for row in inequalities)
        _need(inside, f"generator {y} is not in the domain")
        on_hull = not any(sum(map(mul, row, y)) for row in hull)
        _need(on_hull, f"generator {y} is not in the hull of the domain, or not reduced")
    _need(any(y[-1] for y in generators), "there is no vertex")


def _check_cells(
    patterns: list[str], cells: list[list[int]], signs: list[tuple[int, int, int]], rank: int
) -> None:
    positive, negative, zero = zip(*signs, strict=True)
    faces, owners = Faces(zero), Counter()
    for pattern, cell in zip(patterns, cells, strict=True):
        _need(_increasing(cell) and all(type(i) is int for i in cell), "a cell is not sorted")
        _need(cell[0] >= 0, "a cell has a negative index")
        neurons, active = (1 << len(pattern)) - 1, int("0" + pattern[::-1], 2)
        reached = reduce(or_, (positive[i] for i in cell)) & neurons
        avoided = reduce(or_, (negative[i] for i in cell)) & active
        _need(reached == active and not avoided, f"a generator is not in the region {pattern}")
        label = faces.label(tuple(cell))
        _need(faces.rank[label] == rank, f"the cell of {pattern} has not full dimension")
        inner = ~reduce(and_, (zero[i] for i in cell))
        for facet in faces.facets[label]:
            common = reduce(and_, (zero[i] for i in faces.members[facet]), -1)
            if not common & inner & ~neurons:
                owners[facet] += 1
    _need(all(n == 2 for n in owners.values()), "a facet inside the domain is not in two cells")
    extreme = all((i,) in faces.labels for i in range(len(signs)))
    _need(extreme, "a generator is no vertex and no edge direction of a cell")


class Faces:
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
            _need(closed, f"the facets of the face {face} do not close up")
            self.labels[face] = len(self.members)
            self.members.append(face)
            self.facets.append(facets)
            self.rank.append(ranks.pop() + 1)
        return self.labels[face]

    def _maximal_zero_sets(self, face: tuple[int, ...]) -> list[tuple[int, ...]]:
        zero_sets: dict[int, int] = defaultdict(int)
        for place, generator in enumerate(face):
            for row in self.zero_rows[generator]:
                zero_sets[row] |= 1 << place
        proper = set(zero_sets.values()) - {(1 << len(face)) - 1}
        maximal: list[int] = []
        for places in sorted(proper, key=int.bit_count, reverse=True):
            if all(places & ~larger for larger in maximal):
                maximal.append(places)
        return [
            tuple(generator for place, generator in enumerate(face) if places >> place & 1)
            for places in maximal or [0]
        ]


def _read_patterns(regions: dict, neurons: int) -> list[str]:
    count, patterns = _fields(regions, "count", "patterns")
    _need(type(count) is int and count == len(patterns), "the count is not that of the patterns")
    _need(_increasing(patterns), "the patterns are not sorted")
    shaped = all(len(p) == neurons and set(p) <= {"0", "1"} for p in patterns)
    _need(shaped, f"a pattern is not a string of {neurons} bits")
    return patterns


def _fields(record: dict, *names: str) -> list:
    _need(set(record) == set(names), f"the keys are not exactly {names}")
    return [record[name] for name in names]


def _rational(text: str) -> Fraction:
    _need(re.fullmatch(r"-?[0-9]+(/[0-9]+)?", text) is not None, f"{text!r} is no rational")
    value = Fraction(text)
    _need(str(value) == text, f"{text!r} is not in lowest terms")
    return value


def _hex(text: str) -> int:
    value = int(text, 16)
    _need(format(value, "x") == text, f"{text!r} is not a plain hexadecimal integer")
    return value


def _increasing(items: Sequence) -> bool:
    return all(a < b for a, b in pairwise(items))


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
    except (OSError, EOFError, ValueError, zlib.error) as reason:
        print(f"refused: {reason}")
        return 1
    rows = sum(len(rows) for rows in statement["domain"].values() if isinstance(rows, list))
    print(
        f"accepted: the network {digest_of(statement['network'])[:16]} has exactly "
        f"{statement['regions']['count']} proper activation regions on the domain of dimension "
        f"{statement['domain']['dimension']} with {rows} rows; statement {digest_of(statement)}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
