"""The three arrays of the enumeration kernel: what lies where, and how they grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from relu_theory._kernels import layout as kernel
from relu_theory.regions.layers import Layer

# Fields of a node's header that point into the stacks (0: nowhere).
POINTERS = (
    (kernel.OFF_F, "f"), (kernel.OFF_I, "n"), (kernel.OFF_U, "u"), (kernel.MAPS, "f"),
    (kernel.NEXT, "f"),
)
# Words of a cache line.
LINE = 8
TOPS = {"f": kernel.FTOP, "n": kernel.ITOP, "u": kernel.UTOP}


@dataclass(frozen=True)
class Room:
    """Capacities: rays in scratch space, queries, nodes, mask words and the three stacks."""

    rays: int = 128
    queries: int = 64
    nodes: int = 64
    words: int = 1
    f: int = 1 << 13
    n: int = 1 << 11
    u: int = 1 << 11


class Memory:
    """Arrays `f`, `n`, `u` for one network and dimension, laid out for given capacities.

    Growing makes a new layout and moves the stacks; offsets held in headers move along.
    """

    def __init__(
        self, layers: Sequence[Layer], classes: np.ndarray, rows: np.ndarray, mode: int, room: Room
    ) -> None:
        self.classes = classes
        self.layers, self.rows, self.mode, self.room = layers, rows, mode, room
        self.dim = rows.shape[1] - 2
        self.widths = np.array([layer.affine.shape[0] for layer in layers], dtype=np.int64)
        self._constants = self._network_floats()
        self._lay_out()

    def _network_floats(self) -> dict[int, np.ndarray]:
        layers = self.layers
        size = (self.dim + 1) * int(self.widths.max())
        maps = np.zeros((len(layers), size))
        first = np.ascontiguousarray(layers[0].affine.T).ravel()
        maps[0, :first.size] = first
        return {
            kernel.P_WEIGHTS: _join([y.affine[:, :-1].T for y in layers[1:]]),
            kernel.P_BIASES: _join([y.affine[:, -1] for y in layers]),
            kernel.P_EXTENT: _join([y.extent.T for y in layers]),
            kernel.P_MAGNITUDE: _join([y.magnitude for y in layers]),
            kernel.P_ERROR: _join([y.error.T for y in layers]),
            kernel.P_FILTER: _join([y.filter_error for y in layers]),
            kernel.P_ROW_ERROR: _join([y.row_error for y in layers]),
            kernel.P_LARGEST: np.array([y.largest for y in layers]),
            kernel.P_MAPS: maps.ravel(),
            kernel.P_DOMAIN: self.rows.ravel(),
        }

    def _lay_out(self) -> None:
        size, top, room = self.dim + 1, int(self.widths.max()), self.room
        words = (self.widths + 63) // 64
        self.pattern_at = np.cumsum(words) - words
        products = np.concatenate([[0], self.widths[1:] * self.widths[:-1]])
        pairs = 4 * room.rays
        params = np.zeros(kernel.PARAMETERS, np.int64)
        floats = {
            kernel.P_BOX: 2 * size, kernel.P_HIGH: top, kernel.P_VALUES: 2 * top,
            kernel.P_LINES: 4 * top, kernel.P_PACKED: (size + 2) * (top + 3),
            kernel.P_QVALUE: room.queries, kernel.P_RAYS: room.rays * (size + 2),
            kernel.P_ROWS: 2 * (64 * room.words + 8) * (size + 1) + 2 * size * (size + 2),
        }
        integers = {
            kernel.P_PAIR_P: pairs, kernel.P_PAIR_Q: pairs,
            kernel.P_ORDER: max(room.rays, 2 * top), kernel.P_QRAY: room.queries,
            kernel.P_QNEURON: room.queries, kernel.P_HEADER: room.nodes * kernel.FIELDS,
        }
        tables = {
            kernel.P_WIDTH: self.widths, kernel.P_PATTERN_AT: self.pattern_at,
            kernel.P_WEIGHT_AT: np.cumsum(products) - products,
            kernel.P_NEURON_AT: np.cumsum(self.widths) - self.widths,
            kernel.P_CLASS: self.classes,
        }
        bits = {kernel.P_FIXED: int(words[0]), kernel.P_MASKS: room.rays * room.words}
        self.base = {}
        self.f, self.base["f"] = _place(params, self._constants, floats, 0, room.f, np.float64)
        self.u, self.base["u"] = _place(params, {}, bits, 0, room.u, np.uint64)
        self.n, self.base["n"] = _place(
            params, tables, integers, params.size, room.n, np.int64)
        values = {
            kernel.P_D: self.dim, kernel.P_DEPTH: len(self.layers), kernel.P_MODE: self.mode,
            kernel.P_WORDS: room.words, kernel.P_PATTERN: int(words.sum()),
            kernel.P_MAP_SIZE: size * top, kernel.P_PAIRS: pairs, kernel.P_RAY_ROOM: room.rays,
            kernel.P_QUERIES: room.queries, kernel.P_NODES: room.nodes, kernel.TOP: -1,
            kernel.FTOP: self.base["f"], kernel.ITOP: self.base["n"], kernel.UTOP: self.base["u"],
        }
        params[list(values)] = list(values.values())
        self.n[:params.size] = params

    @property
    def pattern_words(self) -> int:
        """Words of a pattern: whole words for every layer."""
        return int(self.n[kernel.P_PATTERN])

    def header(self, node: int) -> np.ndarray:
        """A view of a node's fields."""
        start = int(self.n[kernel.P_HEADER]) + node * kernel.FIELDS
        return self.n[start:start + kernel.FIELDS]

    def part(self, array: np.ndarray, offset: int, count: int) -> np.ndarray:
        """A view of `count` entries of an array behind one of its named offsets."""
        start = int(self.n[offset])
        return array[start:start + count]

    def restart(self) -> None:
        """Empty the stack and clear the counters."""
        self.n[kernel.TOP:kernel.STEPS + 1] = 0
        self.n[kernel.TOP] = -1
        for name, field in TOPS.items():
            self.n[field] = self.base[name]
        self.part(self.u, kernel.P_FIXED, int(self.widths[0] + 63) // 64)[:] = 0

    def grow(self, **capacities: int) -> None:
        """Enlarge capacities (fields of `Room`, mask words excepted), keeping all state."""
        if all(getattr(self.room, name) == size for name, size in capacities.items()):
            return
        old_n, old_base = self.n, dict(self.base)
        old = {"f": self.f, "n": self.n, "u": self.u}
        kept = [(name, offset, int(old_n[offset]), size) for name, offset, size in self._lasting()]
        self.room = replace(self.room, **capacities)
        self._lay_out()
        fresh = {"f": self.f, "n": self.n, "u": self.u}
        self.n[kernel.TOP:kernel.STEPS + 1] = old_n[kernel.TOP:kernel.STEPS + 1]
        for name, offset, start, size in kept:
            self.part(fresh[name], offset, size)[:] = old[name][start:start + size]
        for name, field in TOPS.items():
            used = int(old_n[field]) - old_base[name]
            base = self.base[name]
            fresh[name][base:base + used] = old[name][old_base[name]:old_base[name] + used]
            self.n[field] = base + used
        for node in range(int(self.n[kernel.TOP]) + 1):
            header = self.header(node)
            for field, name in POINTERS:
                if header[field]:
                    header[field] += self.base[name] - old_base[name]

    def _lasting(self) -> list[tuple[str, int, int]]:
        """Parts outside the stacks that hold state: (array, offset, size)."""
        room = self.room
        return [
            ("f", kernel.P_MAPS, self._constants[kernel.P_MAPS].size),
            ("f", kernel.P_QVALUE, room.queries), ("n", kernel.P_QRAY, room.queries),
            ("n", kernel.P_QNEURON, room.queries),
            ("n", kernel.P_HEADER, room.nodes * kernel.FIELDS),
            ("u", kernel.P_FIXED, int(self.widths[0] + 63) // 64),
        ]

    def widen_masks(self) -> None:
        """Give every mask on the stack twice as many words."""
        old, words, at = self.room.words, self.pattern_words, 0
        blocks, starts = [], []
        for node in range(int(self.n[kernel.TOP]) + 1):
            header = self.header(node)
            begin, count = int(header[kernel.OFF_U]), int(header[kernel.NRAYS])
            masks = self.u[begin:begin + count * old].reshape(count, old)
            pattern = self.u[begin + count * old:begin + count * old + words]
            blocks.append(np.concatenate([np.pad(masks, ((0, 0), (0, old))).ravel(), pattern]))
            starts.append(at)
            at += blocks[-1].size
        self.grow(words=2 * old, u=2 * self.room.u + at)
        for node, (start, block) in enumerate(zip(starts, blocks, strict=True)):
            begin = self.base["u"] + start
            self.header(node)[kernel.OFF_U] = begin
            self.u[begin:begin + block.size] = block
        self.n[kernel.UTOP] = self.base["u"] + at


def _place(
    params: np.ndarray, constants: dict[int, np.ndarray], scratch: dict[int, int], start: int,
    stack: int, dtype: type,
) -> tuple[np.ndarray, int]:
    """One array holding constants, scratch areas and, last, a stack; offsets go to `params`.

    Every part begins on a cache line: vector instructions are twice as slow across two of them.
    """
    sizes = {**{offset: part.size for offset, part in constants.items()}, **scratch}
    where, places = start, {}
    for offset, size in sizes.items():
        where = places[offset] = _next_line(where)
        where += size
    params[list(places)] = list(places.values())
    total = _next_line(where)
    array: np.ndarray = np.zeros(total + stack + LINE, dtype)
    skip = -(array.ctypes.data // 8) % LINE
    array = array[skip:skip + total + stack]
    for offset, part in constants.items():
        array[places[offset]:places[offset] + part.size] = part
    return array, total


def _next_line(offset: int) -> int:
    return -(-offset // LINE) * LINE


def _join(arrays: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.ascontiguousarray(a).ravel() for a in arrays]) if arrays else (
        np.zeros(0))
