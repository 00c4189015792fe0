"""Counting sequences over a prime field without a non-empty subset that sums to zero.

A set of residues modulo q < 128 is a pair of 64-bit words.
"""

import numpy as np
from numba import njit

U64 = np.uint64
jit = njit(nogil=True, error_model="numpy")


@jit
def _ones(word):
    word = word - ((word >> U64(1)) & U64(0x5555555555555555))
    word = (word & U64(0x3333333333333333)) + ((word >> U64(2)) & U64(0x3333333333333333))
    word = (word + (word >> U64(4))) & U64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * U64(0x0101010101010101)) >> U64(56))


@jit
def _up(low, high, x):
    """The pair shifted by 0 < x < 128 bits."""
    if x >= 64:
        return U64(0), low << U64(x - 64)
    return low << U64(x), (high << U64(x)) | (low >> U64(64 - x))


@jit
def _down(low, high, x):
    if x >= 64:
        return high >> U64(x - 64), U64(0)
    return (low >> U64(x)) | (high << U64(64 - x)), high >> U64(x)


@jit
def _union(low, high, x, q):
    """A set together with its shift by x modulo q, 0 < x < q."""
    a, b = _up(low, high, x)
    c, d = _down(low, high, q - x)
    if q <= 64:
        return low | (a & (U64(0xFFFFFFFFFFFFFFFF) >> U64(64 - q))) | c, U64(0)
    return low | a | c, high | (b & (U64(0xFFFFFFFFFFFFFFFF) >> U64(128 - q))) | d


@jit
def _holds(low, high, x):
    if x >= 64:
        return (high >> U64(x - 64)) & U64(1)
    return (low >> U64(x)) & U64(1)


@jit
def _two_more(low, high, q):
    """The number of pairs that extend a sequence with these subset sums."""
    total = 0
    for x in range(1, q):
        if not _holds(low, high, q - x):
            a, b = _union(low, high, x, q)
            total += q - _ones(a) - _ones(b)
    return total


@njit(nogil=True, error_model="numpy", cache=True)
def zero_sum_free(q, length, sums, last, weight, run):
    """Sequences of `length` >= 3 residues, the first of them 1, without a zero subset sum.

    The elements after the first and before the last two are run through as multisets, each
    weighted by its number of orders.  Workspaces: `sums` of shape (length, 2), uint64; `last`,
    `weight` and `run` of shape (length,), int64.  The total must stay below 2**63.
    """
    middle = length - 3
    # The subset sums of the sequence (1): the residues 0 and 1.
    sums[0, 0], sums[0, 1] = U64(3), U64(0)
    total = _two_more(sums[0, 0], sums[0, 1], q) if middle == 0 else 0
    k = 1 if middle else 0
    last[:2] = 0
    weight[0], run[0] = 1, 0
    while k > 0:
        last[k] += 1
        x = last[k]
        if x >= q:
            k -= 1
        elif not _holds(sums[k - 1, 0], sums[k - 1, 1], q - x):
            sums[k, 0], sums[k, 1] = _union(sums[k - 1, 0], sums[k - 1, 1], x, q)
            run[k] = run[k - 1] + 1 if last[k - 1] == x else 1
            weight[k] = weight[k - 1] * k // run[k]
            if k == middle:
                total += weight[k] * _two_more(sums[k, 0], sums[k, 1], q)
            else:
                k += 1
                last[k] = x - 1
    return total
