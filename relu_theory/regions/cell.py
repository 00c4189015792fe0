"""One linear region: pattern, affine map, and on request its exact geometry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from flint import fmpq, fmpq_mat, fmpz_mat

from relu_theory.exact import fraction, primitive, rank
from relu_theory.network import ReluNetwork
from relu_theory.regions.answers import Answers
from relu_theory.regions.face import MASK32, RawFace, bits_of
from relu_theory.regions.start import AT_INFINITY, Question

Point = tuple[Fraction, ...]
Row = tuple[int, ...]

__all__ = ["Cell", "Facet"]


@dataclass(frozen=True)
class Facet:
    """A facet of a cell: ``normal . x + offset >= 0`` holds on the cell, with equality on it.

    Attributes
    ----------
    source : ("neuron", layer, index) or ("domain", row)
        Where the hyperplane comes from; a row counts in ``domain.halfspaces()``.
    normal : tuple of int, offset : int
    vertices : tuple of points, rays : tuple of directions
    """

    source: tuple
    normal: Row
    offset: int
    vertices: tuple[Point, ...]
    rays: tuple[Row, ...]


class Space:
    """What the cells of one enumeration share: the question, exact maps, the way back."""

    def __init__(self, question: Question, answers: Answers) -> None:
        self.question, self.answers = question, answers
        self.given = Answers(question.given, (), answers.layers)
        matrix, offset = question.lift_matrix, question.lift_offset
        self._lift = None
        if matrix is not None:
            rows = [[matrix[i, j] for j in range(matrix.ncols())] + [offset[i]]
                    for i in range(matrix.nrows())]
            rows.append([fmpq(0)] * matrix.ncols() + [fmpq(1)])
            self._lift = fmpq_mat(rows)

    def lift(self, ray: Row) -> Row:
        """A homogeneous ray of the reduced space in the given space."""
        if self._lift is None:
            return ray
        image = self._lift * fmpq_mat(len(ray), 1, list(ray))
        return primitive([image[i, 0] for i in range(image.nrows())])


class Cell:
    """A full-dimensional (proper) activation region, relative to the domain's affine hull.

    Attributes
    ----------
    pattern : tuple (one entry per hidden layer) of tuples of bool
    gradient : (out, d) object array of Fraction
    offset : (out,) object array of Fraction
        On the cell the network is x -> gradient x + offset.

    Notes
    -----
    Exact geometry is computed when it is asked for, from the hyperplanes that meet in each vertex.
    A cell of a network on a space in which nothing depends on some directions contains lines; its
    vertices are then representatives and `lines` spans the directions.
    """

    def __init__(
        self, face: RawFace, space: Space, rays: tuple[Row, ...] | None = None
    ) -> None:
        self._face, self._space, self._known_rays = face, space, rays

    def __repr__(self) -> str:
        return f"Cell({''.join(str(int(b)) for layer in self.pattern for b in layer)})"

    @cached_property
    def pattern(self) -> tuple[tuple[bool, ...], ...]:
        """Active neurons, layer by layer: pre-activation > 0 in the interior."""
        widths = self._space.question.given.widths
        return bits_of(self._face.pattern, self._face.pattern_at, widths)

    @cached_property
    def _affine(self) -> tuple[np.ndarray, np.ndarray]:
        return self._space.question.given.affine_map(self.pattern)

    @property
    def gradient(self) -> np.ndarray:
        """The linear part of the network on the cell, (out, d) Fractions."""
        return self._affine[0]

    @property
    def offset(self) -> np.ndarray:
        """The constant part of the network on the cell, (out,) Fractions."""
        return self._affine[1]

    @cached_property
    def _rays(self) -> tuple[Row, ...]:
        if self._known_rays is not None:
            return self._known_rays
        answers, count = self._space.answers, len(self._face.rays)
        return tuple(answers.ray(self._face, r) for r in range(count))

    @cached_property
    def _slots(self) -> tuple[tuple[int, int], ...]:
        """The irredundant facets as (slot, mask of rays)."""
        dim, seen, out = self._space.question.dim, set(), []
        for slot, source in enumerate(self._face.sources):
            mask = self._face.rays_on(slot)
            if source == AT_INFINITY or not mask or mask in seen:
                continue
            if rank([self._rays[r] for r in _members(mask)]) == dim:
                seen.add(mask)
                out.append((slot, mask))
        return tuple(out)

    @cached_property
    def _lifted(self) -> tuple[Row, ...]:
        return tuple(self._space.lift(r) for r in self._rays)

    def generators(self) -> tuple[list[Row], list[int]]:
        """Homogeneous integer generators and, per facet, the bit mask of those on it.

        Returns
        -------
        generators : list of integer tuples (w x_1, ..., w x_d, w)
            w > 0 for a vertex, w = 0 for the direction of an unbounded edge.
        facet_masks : list of int
        """
        return list(self._lifted), [mask for _, mask in self._slots]

    def vertices(self) -> list[Point]:
        """The vertices, exact."""
        return [_point(r) for r in self._lifted if r[-1]]

    def rays(self) -> list[Row]:
        """Directions of the unbounded edges: with `lines`, generators of the recession cone."""
        return [r[:-1] for r in self._lifted if not r[-1]]

    def exact_generator(self, position: int) -> Row:
        """One entry of ``generators()[0]``, without computing the others."""
        return self._space.lift(self._ray(position))

    def exact_vertex(self, position: int) -> tuple[Row, Point]:
        """The vertex at a position in ``generators()[0]``: as the search sees it, and as given."""
        ray = self._ray(position)
        return ray, _point(self._space.lift(ray))

    def _ray(self, position: int) -> Row:
        known = self._known_rays
        return known[position] if known else self._space.answers.ray(self._face, position)

    def float_generators(self) -> tuple[np.ndarray, np.ndarray]:
        """The generators as the search has them, in its own coordinates.

        Returns
        -------
        rays : (m, k + 1) array
            Homogeneous, in the order of ``generators()[0]``; the largest entry is about 1.
        delta : (m,) array
            Proved bounds on the errors of the entries.
        """
        rays, top = self._face.rays[:, :-2], self._face.rays[:, -2:-1]
        return rays / top, self._face.rays[:, -1] + 2.0**-52

    @staticmethod
    def packed_patterns(cells: Sequence[Cell]) -> tuple[ReluNetwork, np.ndarray, np.ndarray]:
        """The network of a search in its own coordinates, and patterns of its cells as words.

        Returns
        -------
        network : ReluNetwork
        patterns : (m, words) array of uint64
        pattern_at : first word of each layer
        """
        space, pattern_at = cells[0]._space, cells[0]._face.pattern_at
        return space.question.network, np.stack([c._face.pattern for c in cells]), pattern_at

    def lines(self) -> list[Row]:
        """A basis of the directions along which the whole question is constant."""
        return list(self._space.question.lines)

    def facets(self) -> list[Facet]:
        """The facets with their hyperplanes in the given coordinates."""
        return [self._facet(slot, mask) for slot, mask in self._slots]

    def _facet(self, slot: int, mask: int) -> Facet:
        question, source = self._space.question, int(self._face.sources[slot])
        if source < 0:
            name = ("domain", question.row_names[-1 - source])
            row = question.domain.halfspaces()[name[1]]
        else:
            level, neuron = source >> 32, source & MASK32
            name = ("neuron", level, neuron)
            row = self._space.given.plane(self._face, source)
            if not self._face.active(level, neuron):
                row = tuple(-x for x in row)
        on = [self._lifted[r] for r in _members(mask)]
        return Facet(name, tuple(row[:-1]), row[-1], tuple(_point(r) for r in on if r[-1]),
                     tuple(r[:-1] for r in on if not r[-1]))

    @property
    def is_bounded(self) -> bool:
        """Whether the cell is bounded."""
        return not self.lines() and all(r[-1] for r in self._rays)

    @cached_property
    def interior_point(self) -> Point:
        """A rational point in the (relative) interior, with as short a binary form as will do."""
        rows = [self._oriented(slot) for slot, _ in self._slots]
        exact = self._centre()
        for bits in (2, 6, 12, 24, 48, 96):
            short = [fmpq((x * (1 << bits) + fmpq(1, 2)).floor(), 1 << bits) for x in exact]
            if all(sum((a * x for a, x in zip(r, short, strict=False)), fmpq(r[-1])) > 0
                   for r in rows):
                exact = short
                break
        point = self._space.lift(primitive([*exact, 1]))
        return _point(point)

    def _centre(self) -> list[fmpq]:
        finite = [[fmpq(x, r[-1]) for x in r[:-1]] for r in self._rays if r[-1]]
        centre = [sum(column, fmpq(0)) / len(finite) for column in zip(*finite, strict=True)]
        for r in self._rays:
            if not r[-1]:
                top = max(abs(x) for x in r)
                centre = [c + fmpq(x, top) for c, x in zip(centre, r, strict=False)]
        return centre

    def _oriented(self, slot: int) -> Row:
        source = int(self._face.sources[slot])
        row = self._space.answers.plane(self._face, source)
        if source >= 0 and not self._face.active(source >> 32, source & MASK32):
            return tuple(-x for x in row)
        return row

    def volume(self) -> Fraction | float:
        """Exact volume, in the coordinates of the domain's affine hull; inf when unbounded."""
        if not self.is_bounded:
            return math.inf
        dim, total = self._space.question.dim, Fraction(0)
        for simplex in self.simplices():
            rows = [self._rays[v] for v in simplex]
            size = math.prod(r[-1] for r in rows)
            total += Fraction(abs(int(fmpz_mat([list(r) for r in rows]).det())), size)
        return total / math.factorial(dim) * fraction(self._space.question.volume_scale)

    def simplices(self) -> list[tuple[int, ...]]:
        """A triangulation without new points: positions in ``generators()[0]``, d + 1 each."""
        everything = (1 << len(self._rays)) - 1
        masks = [mask for _, mask in self._slots]
        if not self.is_bounded:
            infinite = sum(1 << k for k, r in enumerate(self._rays) if not r[-1])
            if rank([self._rays[k] for k in _members(infinite)]) == self._space.question.dim:
                masks.append(infinite)
        return [tuple(s) for s in _pull(everything, masks)]


def _pull(face: int, facets: list[int]) -> list[list[int]]:
    """Pulling triangulation: cone the facets that miss the first vertex with that vertex."""
    if face & (face - 1) == 0:
        return [[face.bit_length() - 1]]
    apex = face & -face
    out = []
    for facet in facets:
        if not facet & apex:
            ridges = _maximal({facet & other for other in facets if other != facet})
            out += [[apex.bit_length() - 1, *s] for s in _pull(facet, ridges)]
    return out


def _maximal(masks: set[int]) -> list[int]:
    return [m for m in masks if m and not any(m != o and m & o == m for o in masks)]


def _members(mask: int) -> list[int]:
    return [k for k in range(mask.bit_length()) if mask >> k & 1]


def _point(ray: Row) -> Point:
    return tuple(fraction(fmpq(x, ray[-1])) for x in ray[:-1])
