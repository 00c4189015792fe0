"""The six definitions taken literally: all patterns, Fourier-Motzkin elimination, all pairs.

Nothing here comes from the package.  A constraint is a row (a_1, ..., a_d, b) and a relation:
``a.x + b >= 0`` (weak) or ``> 0`` (strict); an equation is two weak constraints.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations

from tests.oracles import combination, primitive

Constraint = tuple[tuple[int, ...], bool]


def feasible(constraints: Iterable[Constraint], dim: int) -> bool:
    """Whether weak and strict linear constraints have a common solution."""
    system = _clean(constraints)
    for k in range(dim):
        if system is None:
            return False
        above = [c for c in system if c[0][k] > 0]
        below = [c for c in system if c[0][k] < 0]
        rest = [c for c in system if c[0][k] == 0]
        for p, strict in above:
            for q, also in below:
                row = tuple(-q[k] * a + p[k] * b for a, b in zip(p, q, strict=True))
                rest.append((row, strict or also))
        system = _clean(rest)
    return system is not None


def _clean(constraints: Iterable[Constraint]) -> set[Constraint] | None:
    """Without constants and without constraints that another one implies, or None at a conflict."""
    best: dict[tuple, tuple[Fraction, bool]] = {}
    for row, strict in constraints:
        if not any(row[:-1]):
            if row[-1] < 0 or (strict and row[-1] == 0):
                return None
            continue
        scale = max(abs(Fraction(a)) for a in row[:-1])
        key, end = tuple(a / scale for a in row[:-1]), Fraction(row[-1]) / scale
        if key not in best or (end, not strict) < (best[key][0], not best[key][1]):
            best[key] = end, strict
    return {((*key, end), strict) for key, (end, strict) in best.items()}


def negated(row: Sequence) -> tuple:
    return tuple(-a for a in row)


def equation(row: Sequence) -> list[Constraint]:
    return [(tuple(row), False), (negated(row), False)]


class Literal:
    """All non-empty activation regions of a network on a domain, by trying every pattern."""

    def __init__(self, weights, biases, domain=()) -> None:
        self.dim = len(weights[0][0])
        self.domain = [(tuple(map(Fraction, row)), False) for row in domain]
        identity = [tuple(Fraction(i == j) for j in range(self.dim + 1)) for i in range(self.dim)]
        self.weights, self.biases = weights, biases
        self.found: list[tuple[tuple, list[Constraint], tuple]] = []
        if feasible(self.domain, self.dim):
            self._layer(0, identity, self.domain, ())
        self.proper = [
            (pattern, [(row, False) for row, _ in rows], output)
            for pattern, rows, output in self.found
            if feasible([(row, True) for row, _ in rows if any(row)], self.dim)
        ]

    def _layer(self, level, values, rows, pattern) -> None:
        neurons = [
            combination(w, values, b, self.dim)
            for w, b in zip(self.weights[level], self.biases[level], strict=True)
        ]
        if level == len(self.weights) - 1:
            self.found.append((pattern, rows, tuple(neurons)))
            return
        self._neuron(level, neurons, rows, pattern, ())

    def _neuron(self, level, neurons, rows, pattern, bits) -> None:
        if len(bits) == len(neurons):
            zero = (Fraction(0),) * (self.dim + 1)
            values = [r if bit else zero for r, bit in zip(neurons, bits, strict=True)]
            self._layer(level + 1, values, rows, (*pattern, bits))
            return
        row = neurons[len(bits)]
        for more, bit in ([(row, True)], True), ([(negated(row), False)], False):
            if feasible([*rows, *more], self.dim):
                self._neuron(level, neurons, [*rows, *more], pattern, (*bits, bit))

    def counts(self) -> dict[str, int]:
        """All counts but that of convex regions; the domain must have interior points."""
        return {
            "activation": len(self.found),
            "proper": len(self.proper),
            "open_connected": self._components(self._adjacent, slices=False),
            "closed_connected": self._components(self._touch, slices=True),
            "affine": len({output for *_, output in self.proper}),
        }

    def _components(self, joined, slices: bool) -> int:
        total = 0
        for goal in {output for *_, output in self.proper}:
            pieces = []
            for _, rows, output in self.proper:
                if output == goal or slices:
                    level = [
                        c for p, q in zip(output, goal, strict=True)
                        for c in equation([a - b for a, b in zip(p, q, strict=True)])
                    ]
                    pieces.append((output == goal, [*rows, *level]))
            pieces = [p for p in pieces if feasible(p[1], self.dim)]
            group = list(range(len(pieces)))
            for i, j in combinations(range(len(pieces)), 2):
                if group[i] != group[j] and joined(pieces[i][1], pieces[j][1]):
                    old, new = group[i], group[j]
                    group = [new if g == old else g for g in group]
            total += len({g for g, (full, _) in zip(group, pieces, strict=True) if full})
        return total

    def _touch(self, first, second) -> bool:
        return feasible([*first, *second], self.dim)

    def _adjacent(self, first, second) -> bool:
        """Whether two full-dimensional polyhedra have a common part of codimension one."""
        rows = {row for row, _ in [*first, *second] if any(row[:-1])}
        for wall in {primitive(row) for row, _ in first if any(row[:-1])}:
            apart = [r for r in rows if primitive(r) not in (wall, negated(wall))]
            if feasible([*equation(wall), *((r, True) for r in apart)], self.dim):
                return True
        return False
