"""One linear region: pattern, affine map, and on request its exact geometry."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import Any

import numpy as np
from flint import fmpq, fmpz_mat

from relu_theory._kernels.layout import FREE_SLOT
from relu_theory.exact import float_of, fraction, primitive, rank
from relu_theory.network import ReluNetwork
from relu_theory.regions.face import MASK32, RawFace, bits_of
from relu_theory.regions.space import Space, members
from relu_theory.regions.start import AT_INFINITY

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

    source: tuple[Any, ...]
    normal: Row
    offset: int
    vertices: tuple[Point, ...]
    rays: tuple[Row, ...]


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
        table = np.array(self._space.given.maps.output(self._face), dtype=object)
        return table[:, :-1], table[:, -1]

    @property
    def gradient(self) -> np.ndarray:
        """The linear part of the network on the cell, (out, d) Fractions."""
        return self._affine[0]

    @property
    def offset(self) -> np.ndarray:
        """The constant part of the network on the cell, (out,) Fractions."""
        return self._affine[1]

    @cached_property
    def _on(self) -> list[int]:
        """For each ray the bit mask of the slots whose hyperplanes are recorded through it."""
        word = [int.from_bytes(row.tobytes(), "little") for row in self._face.masks]
        sources = self._face.sources.tolist()
        used = sum(1 << s for s, source in enumerate(sources) if source != FREE_SLOT)
        return [mask & used for mask in word]

    @cached_property
    def _rays(self) -> tuple[Row, ...]:
        if self._known_rays is not None:
            return self._known_rays
        return self._space.rays(self._face, self._on)

    @cached_property
    def _slots(self) -> tuple[tuple[int, int], ...]:
        """The irredundant facets as (slot, mask of rays), the facet at infinity left out.

        A hyperplane that only touches the cell holds part of a facet's rays; two hyperplanes may
        hold the same facet.
        """
        holds: dict[int, int] = {}
        for r, mask in enumerate(self._on):
            for slot in members(mask):
                holds[slot] = holds.get(slot, 0) | 1 << r
        infinite = sum(1 << r for r, ray in enumerate(self._rays) if not ray[-1])
        sources, masks, first = self._face.sources, set(holds.values()), {}
        for slot, mask in sorted(holds.items()):
            if mask & ~infinite and sources[slot] != AT_INFINITY:
                first.setdefault(mask, slot)
        return tuple((slot, mask) for mask, slot in first.items()
                     if not any(mask & other == mask != other for other in masks))

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

    def flips(self, other: Cell) -> tuple[tuple[int, int], ...]:
        """The neurons (layer, index) that are active in one of two cells of a search only."""
        mine, theirs = (
            int.from_bytes(cell._face.pattern.tobytes(), "little") for cell in (self, other)
        )
        starts = self._face.pattern_at.tolist()
        found = []
        for bit in members(mine ^ theirs):
            layer = bisect_right(starts, bit // 64) - 1
            found.append((layer, bit - 64 * starts[layer]))
        return tuple(found)

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
        on = [self._lifted[r] for r in members(mask)]
        return Facet(name, tuple(row[:-1]), row[-1], tuple(_point(r) for r in on if r[-1]),
                     tuple(r[:-1] for r in on if not r[-1]))

    @property
    def is_bounded(self) -> bool:
        """Whether the cell is bounded."""
        return not self.lines() and all(r[-1] for r in self._rays)

    @cached_property
    def interior_point(self) -> Point:
        """A rational point in the (relative) interior, with as short a binary form as will do."""
        rows, centre = [self._oriented(slot) for slot, _ in self._slots], self._float_centre()
        for bits in (2, 6, 12, 24, 48):
            if not all(map(math.isfinite, centre)):
                break
            short = *(math.floor(x * (1 << bits) + 0.5) for x in centre), 1 << bits
            if all(sum(map(mul, row, short)) > 0 for row in rows):
                return _point(self._space.lift(primitive(short)))
        return _point(self._space.lift(primitive([*self._centre(), 1])))

    def _float_centre(self) -> list[float]:
        """Roughly the mean of the vertices plus the directions of unbounded edges."""
        if self._known_rays is not None:
            return list(map(float_of, self._centre()))
        rays = self._face.rays[:, :-2]
        with np.errstate(all="ignore"):
            finite = np.array([ray[-1] > 0 for ray in self._rays])
            centre = (rays[finite, :-1] / rays[finite, -1:]).mean(axis=0)
            for ray in rays[~finite, :-1]:
                centre = centre + ray / np.abs(ray).max()
        return centre.tolist()

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
        question, total = self._space.question, fmpq(0)
        for simplex in self.simplices():
            rows = [self._rays[v] for v in simplex]
            size = math.prod(r[-1] for r in rows)
            total += fmpq(abs(fmpz_mat([list(r) for r in rows]).det()), size)
        return fraction(total / math.factorial(question.dim) * question.volume_scale)

    def simplices(self) -> list[tuple[int, ...]]:
        """A triangulation without new points: positions in ``generators()[0]``, d + 1 each."""
        everything = (1 << len(self._rays)) - 1
        masks = [mask for _, mask in self._slots]
        if not self.is_bounded:
            infinite = sum(1 << k for k, r in enumerate(self._rays) if not r[-1])
            if rank([self._rays[k] for k in members(infinite)]) == self._space.question.dim:
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


def _point(ray: Row) -> Point:
    return tuple(Fraction(x, ray[-1]) for x in ray[:-1])
