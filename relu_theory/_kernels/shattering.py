"""Depth-first search for a shattered set of a finite class, on bit sets of concepts."""

import numpy as np
from numba import njit

jit = njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
entry = njit(nogil=True, error_model="numpy", cache=True)

FOUND, REFUTED = 1, 0


@jit
def _popcount(word):
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@jit
def _short_block(blocks, sizes, depth, column, need, first):
    """The pattern on the chosen points and this one that fewer than `need` concepts have, or -1.

    Block b of depth t is row 2**t + b; block `first` is tried before the others.
    """
    base = 1 << depth
    words = column.size
    for k in range(base):
        b = k - 1 if k <= first else k
        if k == 0:
            b = first
        ones = 0
        for w in range(words):
            ones += _popcount(blocks[base + b, w] & column[w])
        if ones < need:
            return 2 * b + 1
        if sizes[base + b] - ones < need:
            return 2 * b
    return -1


@jit
def _split(blocks, sizes, depth, column):
    """Blocks of depth + 1 from those of depth; bit 0 of a block's index is the new point."""
    base = 1 << depth
    for b in range(base):
        one, zero = 2 * (base + b) + 1, 2 * (base + b)
        ones = 0
        for w in range(column.size):
            both = blocks[base + b, w] & column[w]
            blocks[one, w] = both
            blocks[zero, w] = blocks[base + b, w] & ~column[w]
            ones += _popcount(both)
        sizes[one] = ones
        sizes[zero] = sizes[base + b] - ones


@entry
def shattered_set(columns, target, blocks, sizes, start, depth, candidates, chosen, verdicts):
    """Depth-first search for `target` shattered points among columns, below a chosen prefix.

    columns (n, W) uint64: the concepts that contain each point. blocks (2**target, W) and sizes
    (2**target,): workspace with the prefix's blocks at its depth. candidates (start,): the points
    that may follow the prefix. chosen (target,): the prefix, then the answer. verdicts: int32, the
    verdict of each test in its order, as far as there is room (none is needed).

    Returns status FOUND or REFUTED, the number of verdicts, the number of nodes.
    """
    n = columns.shape[0]
    alive = np.empty((target + 1, n), np.int64)
    count = np.zeros(target + 1, np.int64)
    at = np.zeros(target + 1, np.int64)
    pool = candidates.copy()
    size = start
    tests, nodes, bottom = 0, 0, depth
    while True:
        # A new node: test what may follow it.
        nodes += 1
        need = np.int64(1) << (target - depth - 1)
        smallest, count[depth], at[depth] = 0, 0, 0
        for b in range(1 << depth):
            if sizes[(1 << depth) + b] < sizes[(1 << depth) + smallest]:
                smallest = b
        for i in range(size):
            p = pool[i]
            verdict = _short_block(blocks, sizes, depth, columns[p], need, smallest)
            if tests < verdicts.size:
                verdicts[tests] = verdict
            tests += 1
            if verdict < 0:
                alive[depth, count[depth]] = p
                count[depth] += 1
                if depth + 1 == target:
                    chosen[depth] = p
                    return FOUND, tests, nodes
            else:
                smallest = verdict >> 1
        # The next point to choose, here or further up.
        while count[depth] - at[depth] < target - depth:
            depth -= 1
            if depth < bottom:
                return REFUTED, tests, nodes
        p = alive[depth, at[depth]]
        at[depth] += 1
        size = count[depth] - at[depth]
        for i in range(size):
            pool[i] = alive[depth, at[depth] + i]
        chosen[depth] = p
        _split(blocks, sizes, depth, columns[p])
        depth += 1
