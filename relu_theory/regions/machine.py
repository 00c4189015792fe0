"""Drives the compiled enumeration: lays out its arrays, feeds it cones, answers its questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from relu_theory._kernels import cells, planar
from relu_theory._kernels import layout as kernel
from relu_theory.errors import ReluTheoryError
from relu_theory.exact import float_of
from relu_theory.regions.answers import Answers
from relu_theory.regions.face import Node, PlanarNode, RawFace
from relu_theory.regions.memory import Memory, Room
from relu_theory.regions.prepared import prepared
from relu_theory.regions.start import Cone, Question

# Steps between two looks at the clock, the limit and the keyboard.
BUDGET = 20_000
TWO40 = 1 << 40


@dataclass
class Tally:
    """What a run has done so far: regions counted and how its predicates were decided."""

    regions: int = 0
    by_float: int = 0
    by_integer: int = 0
    by_rational: int = 0
    steps: int = 0

    def add(self, other: Tally) -> None:
        """Add another run's figures to this one."""
        self.regions += other.regions
        self.by_float += other.by_float
        self.by_integer += other.by_integer
        self.by_rational += other.by_rational
        self.steps += other.steps


class Machine:
    """The enumeration of one question; `run` may be called for one cone after another.

    Parameters
    ----------
    question : Question
        A full-dimensional question with at least one hidden layer.
    collect : bool
        Build every cell of the last layer (for a stream of cells) or only count them.
    exact : bool
        Decide what floats cannot by rational arithmetic; otherwise take it for zero.
    """

    def __init__(self, question: Question, *, collect: bool = False, exact: bool = True) -> None:
        self.question = question
        ready = prepared(question.network, question.corners())
        mode = kernel.CELLS if collect else kernel.COUNT
        self.planar = question.dim == 2 and not collect
        self._advance = planar.advance if self.planar else cells.advance
        rows = np.array([_float_row(r) for r in question.rows]).reshape(-1, question.dim + 2)
        self.memory = Memory(
            ready.layers, ready.classes, rows, mode, Room(words=0 if self.planar else 1))
        self.answers = Answers(question.network, question.rows, ready.layers, exact=exact)
        self.tally = Tally()
        self.out = (
            np.zeros((4096 if collect else 1, 5), np.int64),
            np.zeros(1 << 18 if collect else 1),
            np.zeros(1 << 17 if collect else 1, np.int64),
            np.zeros(1 << 17 if collect else 1, np.uint64),
        )

    def run(self, cone: Cone, *, check: Callable[[], None] | None = None) -> Iterator[RawFace]:
        """Enumerate one cone; yields its cells when collecting, else only fills the tally.

        `check` is called every now and then; what it raises ends the run.
        """
        self._load(_ring(cone) if self.planar else cone)
        memory = self.memory
        while True:
            status = self._advance(memory.f, memory.n, memory.u, *self.out, BUDGET)
            if status == kernel.QUERY_SIGNS:
                self._answer_signs()
                continue
            if status == kernel.GROW_QUERIES:
                # The kernel asks everything again.
                memory.n[kernel.NQUERY] = 0
                memory.grow(queries=2 * memory.room.queries)
                continue
            if status == kernel.QUERY_PIECES:
                memory.n[kernel.PIECES] = self.answers.pieces(self.top_node())
                memory.n[kernel.BY_QUERY] += 1
            elif status in (kernel.DONE, kernel.BUDGET, kernel.OUTPUT_FULL):
                yield from self._drain()
                if check is not None:
                    check()
                if status == kernel.DONE:
                    break
            else:
                self._grow(status)
        self._close()

    def _load(self, cone: Cone) -> None:
        memory = self.memory
        rays, slots = len(cone.rays), len(cone.sources)
        memory.restart()
        size, words = self.question.dim + 1, 0
        if not self.planar:
            words = max(memory.room.words, (slots + 16) // 64 + 1)
        memory.grow(
            words=words, rays=max(memory.room.rays, 2 * rays),
            f=max(memory.room.f, 4 * (rays * (size + 2) + slots * (size + 1))),
            n=max(memory.room.n, 4 * slots), u=max(memory.room.u, 4 * rays * words),
        )
        floats, masks = _pack(cone, words)
        pattern = np.zeros(memory.pattern_words, np.uint64)
        fixed = memory.part(memory.u, kernel.P_FIXED, int(memory.widths[0] + 63) // 64)
        for neuron, active in cone.signs:
            bit = np.uint64(1) << np.uint64(neuron % 64)
            fixed[neuron // 64] |= bit
            if active:
                pattern[neuron // 64] |= bit
        header, n = memory.header(0), memory.n
        n[kernel.TOP] = 0
        header[:] = 0
        header[kernel.KIND], header[kernel.DIM] = kernel.ROOT, self.question.dim
        header[kernel.NRAYS], header[kernel.NSLOTS], header[kernel.NEDGES] = rays, slots, -1
        header[kernel.OFF_F] = _push(memory.f, n, kernel.FTOP, floats)
        header[kernel.OFF_I] = _push(memory.n, n, kernel.ITOP, np.array(cone.sources, np.int64))
        header[kernel.OFF_U] = _push(memory.u, n, kernel.UTOP, np.concatenate([masks, pattern]))

    def _grow(self, status: int) -> None:
        memory, room = self.memory, self.memory.room
        names = {kernel.GROW_FLOATS: "f", kernel.GROW_INTS: "n", kernel.GROW_BITS: "u",
                 kernel.GROW_NODES: "nodes", kernel.GROW_SCRATCH: "rays"}
        if status in names:
            memory.grow(**{names[status]: 2 * getattr(room, names[status])})
        elif status == kernel.GROW_MASK:
            memory.widen_masks()
        else:
            raise ReluTheoryError(f"the enumeration kernel returned an unknown status {status}")

    def _answer_signs(self) -> None:
        memory, asked = self.memory, int(self.memory.n[kernel.NQUERY])
        rays = memory.part(memory.n, kernel.P_QRAY, asked)
        neurons = memory.part(memory.n, kernel.P_QNEURON, asked)
        values = memory.part(memory.f, kernel.P_QVALUE, asked)
        node = self.top_node()
        for q in range(asked):
            values[q] = self.answers.value(node, int(rays[q]), int(neurons[q]))
        memory.n[kernel.BY_QUERY] += asked

    def top_node(self) -> Node:
        """The node that the kernel is working on, unpacked."""
        kind = PlanarNode if self.planar else Node
        return kind(self.memory, int(self.memory.n[kernel.TOP]))

    def _drain(self) -> list[RawFace]:
        memory, size = self.memory, self.question.dim + 1
        out_header, out_f, out_n, out_u = self.out
        words, pattern_words, found = memory.room.words, memory.pattern_words, []
        for k in range(int(memory.n[kernel.NOUT])):
            rays, slots, f, i, u = (int(x) for x in out_header[k])
            end = u + rays * words
            found.append(RawFace(
                out_f[f:f + rays * (size + 2)].reshape(rays, size + 2).copy(),
                out_n[i:i + slots].copy(),
                out_u[u:end].reshape(rays, words).copy(),
                out_u[end:end + pattern_words].copy(),
                memory.pattern_at,
            ))
        for field in (kernel.NOUT, kernel.OUT_F, kernel.OUT_I, kernel.OUT_U):
            memory.n[field] = 0
        return found

    def so_far(self) -> int:
        """Regions counted, the running cone included."""
        return self.tally.regions + int(self.memory.n[kernel.COUNTED])

    def _close(self) -> None:
        n = self.memory.n
        self.tally.add(Tally(*(int(n[k]) for k in (
            kernel.COUNTED, kernel.BY_FLOAT, kernel.BY_INTEGER, kernel.BY_QUERY, kernel.STEPS))))
        self.memory.restart()


def _push(array: np.ndarray, n: np.ndarray, top: int, block: np.ndarray) -> int:
    start = int(n[top])
    array[start:start + block.size] = block
    n[top] = start + block.size
    return start


def _pack(cone: Cone, words: int) -> tuple[np.ndarray, np.ndarray]:
    """A cone's rays as floats with error bounds, and its masks; without masks, rays with edges."""
    masks = np.zeros((len(cone.rays), words), np.uint64)
    for r, slots in enumerate(cone.tight if words else ()):
        for s in slots:
            masks[r, s // 64] |= np.uint64(1) << np.uint64(s % 64)
    if words:
        floats = [x for ray in cone.rays for x in _float_ray(ray)]
    else:
        floats = [x for ray, row in zip(cone.rays, cone.rows, strict=True)
                  for x in (*_float_ray(ray), *_float_row(row))]
    return np.array(floats), masks.ravel()


def _float_ray(ray: Sequence[int]) -> list[float]:
    """Coordinates, largest coordinate, error bound: exact when the integers are small."""
    top = max(abs(x) for x in ray)
    if top < TWO40:
        return [*map(float, ray), float(top), 0.0]
    return [*(float_of(fmpq(x, top)) for x in ray), 1.0, 2.0**-53]


def _float_row(row: Sequence[int]) -> list[float]:
    top = max((abs(x) for x in row), default=0)
    if top < TWO40:
        return [*map(float, row), 0.0]
    return [*(float_of(fmpq(x, top)) for x in row), 2.0**-53]


def _ring(cone: Cone) -> Cone:
    """A planar cone with its rays in cyclic order; row k is the edge from ray k to the next."""
    edges = {}
    for slot in range(len(cone.sources)):
        ends = frozenset(r for r, tight in enumerate(cone.tight) if slot in tight)
        edges.setdefault(ends, slot)
    order, slots = [0], []
    while len(slots) < len(edges):
        ends = next(e for e in edges if order[-1] in e and edges[e] not in slots)
        slots.append(edges[ends])
        order.append(next(r for r in ends if r != order[-1]))
    order.pop()
    return Cone(
        rays=tuple(cone.rays[r] for r in order),
        sources=tuple(cone.sources[s] for s in slots),
        rows=tuple(cone.rows[s] for s in slots),
        tight=((),) * len(order),
        signs=cone.signs,
    )
