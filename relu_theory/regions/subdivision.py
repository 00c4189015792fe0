"""The cells of a network with their affine maps and who borders whom, held in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flint import fmpz_mat

from relu_theory.domain import reduce, resolve
from relu_theory.errors import TooLarge
from relu_theory.exact import rational_matrix
from relu_theory.network import ReluNetwork
from relu_theory.regions import enumeration
from relu_theory.regions.cell import Cell
from relu_theory.regions.integer_layers import IntegerMaps

__all__ = ["Facet", "MapKeys", "Subdivision", "subdivide"]

Row = tuple[int, ...]
Map = tuple[Row, ...]


@dataclass(frozen=True)
class Facet:
    """A facet of one or two cells.

    Attributes
    ----------
    cells : tuple of one or two ints
        One where the facet lies on the domain's boundary.
    generators : tuple of int
        Positions in ``Subdivision.generators``.
    """

    cells: tuple[int, ...]
    generators: tuple[int, ...]


class MapKeys:
    """Numbers for the affine maps of cells, equal when the maps agree on the domain's hull.

    Attributes
    ----------
    maps : list of tuples of integer rows
        The map of each number: rows (gradient, offset), on one positive scale for all.
    """

    def __init__(self, net: ReluNetwork, domain: Any) -> None:
        reduced = reduce(resolve(domain, net.input_dim))
        self._hull = None
        if reduced is not None and reduced.A is not None:
            table = [[*row, b] for row, b in zip(reduced.A.tolist(), reduced.b, strict=True)]
            width = reduced.A.ncols()
            self._hull, _ = rational_matrix([*table, [0] * width + [1]]).numer_denom()
        self._integer = IntegerMaps(net)
        self.numbers: dict[Any, int] = {}
        self.maps: list[Map] = []

    def number(self, cell: Cell) -> int:
        """The number of the cell's map."""
        rows = self._integer.rows(cell.pattern)
        key = rows
        if self._hull is not None:
            key = tuple(map(int, (fmpz_mat([list(r) for r in rows]) * self._hull).entries()))
        if key not in self.numbers:
            self.numbers[key] = len(self.maps)
            self.maps.append(rows)
        return self.numbers[key]


@dataclass(frozen=True)
class Subdivision:
    """A face-to-face subdivision of a domain into the closures of proper activation regions.

    Attributes
    ----------
    net : ReluNetwork
    cells : tuple of Cell
    generators : tuple of integer tuples
        Distinct homogeneous generators: (x w, w) with w > 0 is the vertex x, (x, 0) a ray.
    corners : tuple of tuples of int
        The generators of each cell.
    facets : tuple of Facet
    walls : tuple of tuples of int
        The facets of each cell, in the order of ``Cell.facets()``.
    piece : tuple of int
        The number of each cell's affine map; equal where the maps agree on the domain.
    maps : tuple of tuples of integer rows
        ``maps[k]`` has one row (gradient, offset) for each output, on one positive scale for all.
    """

    net: ReluNetwork
    cells: tuple[Cell, ...]
    generators: tuple[Row, ...]
    corners: tuple[tuple[int, ...], ...]
    facets: tuple[Facet, ...]
    walls: tuple[tuple[int, ...], ...]
    piece: tuple[int, ...]
    maps: tuple[Map, ...]

    @property
    def size(self) -> int:
        """The number of cells."""
        return len(self.cells)


def subdivide(net: ReluNetwork, domain: Any = None, *, limit: int | None = None) -> Subdivision:
    """The subdivision of a domain by a network.

    Parameters
    ----------
    net : ReluNetwork
    domain : Box, Polytope or WholeSpace, optional
    limit : int, optional
        Largest number of cells that is stored.

    Raises
    ------
    TooLarge
        When there are more.

    Examples
    --------
    >>> abs_ = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    >>> found = subdivide(abs_)
    >>> found.size, found.piece, [facet.cells for facet in found.facets]
    (2, (0, 1), [(0, 1)])
    """
    cells: list[Cell] = []
    for cell in enumeration.cells(net, domain):
        if limit is not None and len(cells) >= limit:
            raise TooLarge(
                f"there are more than limit={limit} cells; raise the limit, or ask about a smaller "
                "domain", len(cells))
        cells.append(cell)
    return _of_cells(net, domain, cells)


def _of_cells(net: ReluNetwork, domain: Any, cells: Iterable[Cell]) -> Subdivision:
    keys, index = MapKeys(net, domain), {}
    corners, piece, walls, owners, place = [], [], [], [], {}
    for number, cell in enumerate(cells):
        generators, masks = cell.generators()
        ids = [index.setdefault(g, len(index)) for g in generators]
        corners.append(tuple(ids))
        piece.append(keys.number(cell))
        own = []
        for mask in masks:
            facet = frozenset(n for k, n in enumerate(ids) if mask >> k & 1)
            at = place.setdefault(facet, len(place))
            if at == len(owners):
                owners.append([])
            owners[at].append(number)
            own.append(at)
        walls.append(tuple(own))
    facets = tuple(Facet(tuple(owners[at]), tuple(sorted(facet))) for facet, at in place.items())
    return Subdivision(net, tuple(cells), tuple(index), tuple(corners), facets, tuple(walls),
                       tuple(piece), tuple(keys.maps))
