"""Kernels of the discrete modulus of continuity: scans that keep only pairs that may be records.

Points and values are stored by coordinate, (d, n) and (k, n). Distances are kept as powers: squares
in the Euclidean case, else as they are. `table[b]` is a value that some pair attains at a distance
not above the left edge of bin b, where the bin of a distance is its leading bits, as many as the
table, of 2^m entries, has room for; a pair is kept when its value exceeds that of its bin.
"""

import numpy as np
from numba import njit

CHUNK = 512
# Entries of `counts`.
KEPT, VISITED = 0, 1


@njit(cache=True, nogil=True, inline="always")
def _powers(points, i, others, first, last, order, out):
    """Distances from point i to others first..last - 1, as powers."""
    x = points[0, i]
    if order == 2:
        for j in range(first, last):
            gap = others[0, j] - x
            out[j - first] = gap * gap
    else:
        for j in range(first, last):
            out[j - first] = abs(others[0, j] - x)
    for k in range(1, len(points)):
        x = points[k, i]
        if order == 2:
            for j in range(first, last):
                gap = others[k, j] - x
                out[j - first] += gap * gap
        elif order == 1:
            for j in range(first, last):
                out[j - first] += abs(others[k, j] - x)
        else:
            for j in range(first, last):
                out[j - first] = max(out[j - first], abs(others[k, j] - x))


@njit(cache=True, nogil=True)
def shift_of(table):
    """By how much to shift the bits of a distance to find its bin."""
    shift, size = 63, len(table)
    while size > 1:
        size >>= 1
        shift -= 1
    return shift


@njit(cache=True, nogil=True)
def raise_table(table, first, value):
    """A pair of this value at a distance in the bin before `first`."""
    b = first
    while b < len(table) and table[b] < value:
        table[b] = value
        b += 1


@njit(cache=True, nogil=True)
def scan(points, others, values, other_values, rows, columns, at_rows, at_columns, orders, table,
         kept, pairs, counts):
    """Look at pairs of rows[0]..rows[1] - 1 with columns[0]..columns[1] - 1.

    A pair counts once: where both are the same array (`at_rows == at_columns`), only i < j. Returns
    the row at which it stopped because the kept pairs, (2, m) distances and values, are full.
    """
    distances, jumps = np.empty(CHUNK), np.empty(CHUNK)
    bits = distances.view(np.int64)
    shift = shift_of(table)
    room = kept.shape[1]
    same = at_rows == at_columns
    for i in range(rows[0], rows[1]):
        begin = max(columns[0], i + 1) if same else columns[0]
        if counts[KEPT] + columns[1] - begin > room:
            return i
        for first in range(begin, columns[1], CHUNK):
            last = min(first + CHUNK, columns[1])
            _powers(points, i, others, first, last, orders[0], distances)
            _powers(values, i, other_values, first, last, orders[1], jumps)
            for j in range(last - first):
                b = bits[j] >> shift
                if jumps[j] > table[b]:
                    at = counts[KEPT]
                    kept[0, at], kept[1, at] = distances[j], jumps[j]
                    pairs[0, at], pairs[1, at] = at_rows + i, at_columns + first + j
                    counts[KEPT] = at + 1
                    raise_table(table, b + 1, jumps[j])
        counts[VISITED] += max(0, columns[1] - begin)
    return rows[1]


@njit(cache=True, nogil=True)
def scan_products(products, row_norms, column_norms, slack, values, other_values, at_rows,
                  at_columns, first_row, order, table, pairs, counts):
    """The same with inner products in place of coordinates (Euclidean distances only).

    A squared distance may be wrong by slack (1 + norms); the pair is kept when it may be a record,
    and is measured again by the caller.
    """
    shift = shift_of(table)
    width = products.shape[1]
    lower, jumps = np.empty(CHUNK), np.empty(CHUNK)
    bits = lower.view(np.int64)
    same = at_rows == at_columns
    for i in range(first_row, len(products)):
        begin = i + 1 if same else 0
        if counts[KEPT] + width - begin > pairs.shape[1]:
            return i
        for first in range(begin, width, CHUNK):
            last = min(first + CHUNK, width)
            norm = row_norms[i]
            for j in range(first, last):
                total = norm + column_norms[j]
                lower[j - first] = max(0.0, total - 2.0 * products[i, j] - slack * total)
            _powers(values, i, other_values, first, last, order, jumps)
            for j in range(last - first):
                if jumps[j] > table[bits[j] >> shift]:
                    at = counts[KEPT]
                    pairs[0, at], pairs[1, at] = at_rows + i, at_columns + first + j
                    counts[KEPT] = at + 1
        counts[VISITED] += max(0, width - begin)
    return len(products)


@njit(cache=True, nogil=True)
def scan_offsets(points, values, orders, offset, first, table, kept, pairs, counts):
    """Look at the pairs (i, i + offset)."""
    shift = shift_of(table)
    count = points.shape[1]
    distance, jump = np.empty(1), np.empty(1)
    bits = distance.view(np.int64)
    for i in range(first, count - offset):
        if counts[KEPT] == kept.shape[1]:
            return i
        _powers(points, i, points, i + offset, i + offset + 1, orders[0], distance)
        _powers(values, i, values, i + offset, i + offset + 1, orders[1], jump)
        if jump[0] > table[bits[0] >> shift]:
            at = counts[KEPT]
            kept[0, at], kept[1, at] = distance[0], jump[0]
            pairs[0, at], pairs[1, at] = i, i + offset
            counts[KEPT] = at + 1
            raise_table(table, (bits[0] >> shift) + 1, jump[0])
    return count - offset


@njit(cache=True, nogil=True)
def _between(low, high, a, b, order, farthest):
    """The least distance of two boxes, or the largest, as a power."""
    total = 0.0
    for k in range(low.shape[1]):
        if farthest:
            gap = max(high[a, k] - low[b, k], high[b, k] - low[a, k])
        else:
            gap = max(0.0, low[a, k] - high[b, k], low[b, k] - high[a, k])
        if order == 2:
            total += gap * gap
        elif order == 1:
            total += gap
        else:
            total = max(total, gap)
    return total


@njit(cache=True, nogil=True)
def dual_tree(points, values, spans, left, low, high, value_low, value_high, orders, stack, top,
              table, kept, pairs, counts):
    """Visit pairs of nodes; drop those whose largest jump is attained at a smaller distance.

    Node a holds the points spans[a, 0]..spans[a, 1] - 1; its children are left[a] and left[a] + 1,
    or it is a leaf (left[a] < 0). `stack` holds pairs of nodes, `top` of them. Returns how many are
    left when the kept pairs are full, else 0.
    """
    rows, columns = np.empty(2, np.int64), np.empty(2, np.int64)
    nearest = np.empty(1)
    bits = nearest.view(np.int64)
    shift = shift_of(table)
    room = kept.shape[1]
    while top > 0:
        a, b = stack[top - 1, 0], stack[top - 1, 1]
        size_a, size_b = spans[a, 1] - spans[a, 0], spans[b, 1] - spans[b, 0]
        nearest[0] = _between(low, high, a, b, orders[0], False) * (1.0 - 1e-14)
        largest = _between(value_low, value_high, a, b, orders[1], True)
        if largest * (1.0 + 1e-14) <= table[bits[0] >> shift]:
            top -= 1
            continue
        if left[a] < 0 and left[b] < 0:
            if counts[KEPT] + size_a * size_b > room:
                return top
            top -= 1
            rows[0], rows[1] = spans[a, 0], spans[a, 1]
            columns[0], columns[1] = spans[b, 0], spans[b, 1]
            scan(points, points, values, values, rows, columns, 0, 0, orders, table, kept, pairs,
                 counts)
            continue
        top -= 1
        if a == b:
            for p, q in ((left[a], left[a] + 1), (left[a], left[a]), (left[a] + 1, left[a] + 1)):
                stack[top, 0], stack[top, 1] = p, q
                top += 1
        else:
            split, other = (a, b) if left[b] < 0 or (left[a] >= 0 and size_a >= size_b) else (b, a)
            for child in (left[split], left[split] + 1):
                first, second = (child, other)
                if spans[first, 0] > spans[second, 0]:
                    first, second = second, first
                stack[top, 0], stack[top, 1] = first, second
                top += 1
    return 0
