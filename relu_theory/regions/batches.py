"""Cells by the thousand: packed patterns to compute with, a `Cell` only for those asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from relu_theory._kernels import layout as kernel
from relu_theory.domain import Polyhedron
from relu_theory.network import ReluNetwork
from relu_theory.regions.cell import Cell
from relu_theory.regions.enumeration import cells
from relu_theory.regions.face import RawFace
from relu_theory.regions.machine import Machine
from relu_theory.regions.space import Space
from relu_theory.regions.start import Question, cones, pose

__all__ = ["Batch", "batches"]


class Batch:
    """Some cells of one enumeration.

    Attributes
    ----------
    patterns : (m, words) array of uint64
        Packed activation patterns, whole words for every layer.
    pattern_at : int array
        The first word of each layer.
    """

    def __init__(
        self,
        patterns: NDArray[np.uint64],
        pattern_at: NDArray[np.int64],
        make: Callable[[int], Cell],
    ) -> None:
        self.patterns, self.pattern_at, self._make = patterns, pattern_at, make

    def __len__(self) -> int:
        return len(self.patterns)

    def cell(self, k: int) -> Cell:
        """The cell whose pattern is row k."""
        return self._make(k)


def batches(net: ReluNetwork, domain: Polyhedron | None = None) -> Iterator[Batch]:
    """Stream the proper activation regions of a network on a domain, some thousands at a time.

    Parameters
    ----------
    net, domain
        As in `relu_theory.regions.cells`, in whose order the cells come.

    Yields
    ------
    Batch

    Notes
    -----
    Folds that look at patterns alone save two thirds of the time that `cells` takes, since nothing
    is made for a cell that is not asked for.

    Examples
    --------
    >>> net = ReluNetwork([[[1], [1]], [[1, 1]]], [[0, -1], [0]])
    >>> sorted(row.tolist() for batch in batches(net) for row in batch.patterns)
    [[0], [1], [3]]
    """
    question = pose(net, domain)
    if question is None:
        return
    if question.dim == 0 or net.depth == 0:
        only = list(cells(net, domain))
        _, patterns, pattern_at = Cell.packed_patterns(only)
        yield Batch(patterns, pattern_at, only.__getitem__)
        return
    machine = _BatchMachine(question)
    for cone in cones(question):
        yield from machine.run(cone)  # type: ignore[misc]


class _BatchMachine(Machine):
    """A machine that hands on what the kernel wrote as it is."""

    def __init__(self, question: Question) -> None:
        super().__init__(question, collect=True)
        self.space = Space(question, self.answers)

    def _drain(self) -> list[Batch]:  # type: ignore[override]
        n = self.memory.n
        found, words = int(n[kernel.NOUT]), self.memory.room.words
        tops = (n[kernel.OUT_F], n[kernel.OUT_I], n[kernel.OUT_U])
        header = self.out[0][:found].copy()
        floats, ints, bits = (
            array[: int(top)].copy() for array, top in zip(self.out[1:], tops, strict=True)
        )
        for field in (kernel.NOUT, kernel.OUT_F, kernel.OUT_I, kernel.OUT_U):
            n[field] = 0
        if not found:
            return []
        begin = header[:, 4] + header[:, 0] * words
        patterns = bits[begin[:, None] + np.arange(self.memory.pattern_words)]
        size, pattern_at = self.question.dim + 3, self.memory.pattern_at

        def make(k: int) -> Cell:
            rays, slots, f, i, u = (int(x) for x in header[k])
            face = RawFace(
                floats[f : f + rays * size].reshape(rays, size),
                ints[i : i + slots],
                bits[u : u + rays * words].reshape(rays, words),
                patterns[k],
                pattern_at,
            )
            return Cell(face, self.space)

        return [Batch(patterns, pattern_at, make)]
