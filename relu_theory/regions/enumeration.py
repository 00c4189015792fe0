"""Counting and streaming the linear regions of a network."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Event, Lock

import numpy as np

from relu_theory.domain import Polyhedron
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.network import ReluNetwork
from relu_theory.progress import progress_bar
from relu_theory.regions.answers import Answers
from relu_theory.regions.cell import Cell
from relu_theory.regions.face import RawFace
from relu_theory.regions.machine import Machine, Tally
from relu_theory.regions.prepared import prepared
from relu_theory.regions.space import Space
from relu_theory.regions.start import Cone, Question, cones, pose
from relu_theory.regions.tasks import tasks

__all__ = ["cells", "count"]

# Parts per worker, so that an unlucky part does not keep the others waiting.
PARTS = 16


def count(
    net: ReluNetwork,
    domain: Polyhedron | None = None,
    *,
    kind: str = "proper",
    arithmetic: str = "exact",
    workers: int = 1,
    limit: int | None = None,
    progress: bool = False,
    checkpoint: str | os.PathLike | None = None,
    tally: Tally | None = None,
) -> int:
    """The number of linear regions of a network on a domain.

    Parameters
    ----------
    net : ReluNetwork
        d inputs, any depth.
    domain : Box, Polytope or WholeSpace, optional
        All of R^d by default.  A lower-dimensional domain is treated within its affine hull, an
        empty one has no regions.
    kind : {"proper"}
        Proper activation regions: patterns {pre-activation > 0} with non-empty interior.
    limit : int, optional
        Give up once more regions than this were counted.
    arithmetic, workers, progress, checkpoint, tally
        As in `relu_theory.regions.count`, which calls this.

    Returns
    -------
    int

    Raises
    ------
    InvalidInput, ShapeError
        For an unknown option, or a domain that does not fit the network.
    TooLarge
        When the limit is passed; ``counted`` tells how far the count came.

    Notes
    -----
    Layer by layer each cell is split by the neurons that cross it; the last layer is counted
    without building its cells, by deletion and restriction (in the plane: 1 + lines + crossings).
    Time is linear in the number of cells before the last layer and of the flats in it, memory is
    that of one path of the search.  Signs come from floats with proved error bounds, from integer
    arithmetic below 2**53, or from rationals.

    References
    ----------
    Zaslavsky 1975, Theorem A, for deletion and restriction.

    Examples
    --------
    >>> from relu_theory import ReluNetwork
    >>> count(ReluNetwork([[[1, 0], [0, 1], [1, 1]], [[1, 1, 1]]], [[0, 0, -1], [0]]))
    7
    """
    _check_options(kind, arithmetic, workers, limit)
    question = pose(net, domain)
    if question is None:
        return 0
    if question.dim == 0 or net.depth == 0:
        return 1
    parts = workers * PARTS if workers > 1 or progress or checkpoint is not None else 1
    run = _Run(question, tasks(question, parts), arithmetic == "exact", limit, progress)
    run.resume(checkpoint)
    run.work(workers)
    if tally is not None:
        tally.add(run.tally)
    return run.tally.regions


def cells(
    net: ReluNetwork,
    domain: Polyhedron | None = None,
    *,
    arithmetic: str = "exact",
    limit: int | None = None,
) -> Iterator[Cell]:
    """Stream the proper activation regions of a network on a domain.

    Parameters
    ----------
    net, domain, arithmetic, limit
        As in `count`.

    Yields
    ------
    Cell

    Notes
    -----
    The order is that of the search and the same in every run.  Only some thousand cells are in
    memory at a time.

    Examples
    --------
    >>> from relu_theory import Box, ReluNetwork
    >>> tent = ReluNetwork([[[2], [4]], [[1, -1]]], [[0, -2], [0]])
    >>> sorted(c.interior_point for c in cells(tent, Box(0, 1, dim=1)))
    [(Fraction(1, 4),), (Fraction(3, 4),)]
    """
    _check_options("proper", arithmetic, 1, limit)
    question = pose(net, domain)
    return iter(()) if question is None else _stream(question, arithmetic == "exact", limit)


def _stream(question: Question, exact: bool, limit: int | None) -> Iterator[Cell]:
    if question.dim == 0 or question.given.depth == 0:
        yield _only_cell(question)
        return
    machine = Machine(question, collect=True, exact=exact)
    space = Space(question, machine.answers)

    def check() -> None:
        _check_limit(machine.so_far(), limit)

    for cone in cones(question):
        for face in machine.run(cone, check=check):
            yield Cell(face, space)


def _only_cell(question: Question) -> Cell:
    """The single cell of a network without hidden layers, or of a point."""
    net, dim = question.given, question.dim
    widths = np.array(net.widths, dtype=np.int64)
    words = (widths + 63) // 64
    pattern_at = np.cumsum(words) - words
    pattern = np.zeros(int(words.sum()), np.uint64)
    start = Cone(((1,),), (), (), ((),)) if dim == 0 else next(iter(cones(question)))
    if net.depth:
        point = [0] * net.input_dim if question.lift_offset is None else question.lift_offset
        for at, layer in zip(pattern_at, net.pattern(point), strict=True):
            for i, active in enumerate(layer):
                if active:
                    pattern[at + i // 64] |= np.uint64(1) << np.uint64(i % 64)
    mask_words = len(start.sources) // 64 + 1
    masks = np.zeros((len(start.rays), mask_words), np.uint64)
    for r, slots in enumerate(start.tight):
        for s in slots:
            masks[r, s // 64] |= np.uint64(1) << np.uint64(s % 64)
    face = RawFace(np.ones((len(start.rays), dim + 3)), np.array(start.sources, dtype=np.int64),
                masks, pattern, pattern_at)
    answers = Answers(question.network, question.rows, prepared(question.network).layers)
    return Cell(face, Space(question, answers), start.rays)


class _Run:
    """A count under way: its parts, what they gave, and what stops it."""

    def __init__(self, question: Question, parts: list[Cone], exact: bool, limit: int | None,
                 progress: bool) -> None:
        self.question, self.parts, self.exact, self.limit = question, parts, exact, limit
        self.tally, self.done, self.progress = Tally(), {}, progress
        self.path: Path | None = None
        self._lock, self._stop, self._live = Lock(), Event(), {}

    def resume(self, path: str | os.PathLike | None) -> None:
        """Take up the finished parts of an earlier run of the same question."""
        if path is None:
            return
        self.path, self.key = Path(path), _key(self.question, len(self.parts), self.exact)
        if self.path.exists():
            saved = json.loads(self.path.read_text())
            if saved["question"] != self.key:
                raise InvalidInput(
                    f"checkpoint {self.path} belongs to another question; "
                    "remove it or name another file"
                )
            self.done = {int(k): Tally(*v) for k, v in saved["parts"].items()}
            for tally in self.done.values():
                self.tally.add(tally)

    def work(self, workers: int) -> None:
        """Run all parts that are not done yet."""
        todo = [k for k in range(len(self.parts)) if k not in self.done]
        with progress_bar(self.progress, total=len(self.parts), initial=len(self.done),
                          desc="regions", unit="part") as bar:
            if workers == 1:
                self._work_on(iter(todo), bar)
                return
            queue = iter(todo)
            with ThreadPoolExecutor(workers) as pool:
                futures = [pool.submit(self._work_on, queue, bar) for _ in range(workers)]
                try:
                    for future in futures:
                        future.result()
                finally:
                    self._stop.set()

    def _work_on(self, queue: Iterator[int], bar) -> None:
        machine = Machine(self.question, exact=self.exact)

        def check() -> None:
            with self._lock:
                self._live[id(machine)] = machine.so_far() - machine.tally.regions
                counted = self.tally.regions + sum(self._live.values())
            _check_limit(counted, self.limit)
            if self._stop.is_set():
                raise InvalidInput("stopped by another worker")

        while True:
            with self._lock:
                k = next(queue, None)
            if k is None:
                return
            machine.tally = Tally()
            for _ in machine.run(self.parts[k], check=check):
                pass
            with self._lock:
                self._live[id(machine)] = 0
                self._finish(k, machine.tally, bar)

    def _finish(self, k: int, tally: Tally, bar) -> None:
        self.done[k] = tally
        self.tally.add(tally)
        bar.update(1)
        bar.set_postfix(regions=self.tally.regions)
        if self.path is not None:
            parts = {str(k): list(vars(t).values()) for k, t in self.done.items()}
            fresh = self.path.with_suffix(self.path.suffix + ".new")
            fresh.write_text(json.dumps({"question": self.key, "parts": parts}))
            fresh.replace(self.path)


def _key(question: Question, parts: int, exact: bool) -> str:
    text = json.dumps([question.given.to_dict(), [list(map(str, r)) for r in question.rows],
                       parts, exact], sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()


def _check_limit(counted: int, limit: int | None) -> None:
    if limit is not None and counted > limit:
        raise TooLarge(
            f"limit={limit} regions was passed ({counted} counted so far); raise the limit, "
            "or ask about a smaller domain", counted)


def _check_options(kind: str, arithmetic: str, workers: int, limit: int | None) -> None:
    if kind != "proper":
        raise InvalidInput(f"kind must be 'proper' here, got {kind!r}; ask regions.count")
    if arithmetic not in ("exact", "float"):
        raise InvalidInput(f"arithmetic must be 'exact' or 'float', got {arithmetic!r}")
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise InvalidInput(f"workers must be a positive int, got {workers!r}")
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
        raise InvalidInput(f"limit must be a non-negative int or None, got {limit!r}")
