"""Geometry of pointed cones given by rays with facet masks: adjacency, cuts, verified solves."""

import numpy as np

from relu_theory._kernels.arithmetic import (
    U, bound, exact_here, fine_bound, inlined, integer_cut, jit, popcount,
)
from relu_theory._kernels.layout import (
    FIELDS, FREE_SLOT, NSLOTS, OFF_F, OFF_I, OFF_U, P_D, P_DOMAIN, P_HEADER, P_MAPS, P_MAP_SIZE,
    P_MASKS, P_NEURON_AT, P_RAYS, P_ROWS, P_ROW_ERROR, P_WIDTH, P_WORDS, REFRESH, UNIT,
)

AT_INFINITY = -(1 << 61)


@inlined
def _subset(u, a, b, c, words):
    """Whether the facets through both rays a and b also pass through ray c."""
    for w in range(words):
        both = u[U(a + w)] & u[U(b + w)]
        if u[U(c + w)] & both != both:
            return False
    return True


@jit
def adjacent(u, masks, words, rays, tight, p, q):
    """Whether two rays span a two-dimensional face: the test of the double description method."""
    common, at_p, at_q = 0, 0, 0
    for w in range(words):
        a, b = u[U(masks + p * words + w)], u[U(masks + q * words + w)]
        common += popcount(a & b)
        at_p += popcount(a)
        at_q += popcount(b)
    if common < tight - 1:
        return False
    if common == tight - 1 and (at_p == tight or at_q == tight):
        return True
    for r in range(rays):
        if r != p and r != q and _subset(
            u, masks + p * words, masks + q * words, masks + r * words, words
        ):
            return False
    return True


@jit
def _blend(f, size, p, q, vp, vq, bp, bq, o):
    """The float ray on the edge pq where the value vanishes, with a running error bound.

    With weights t = vp/(vp - vq): the error is at most that of the two ends, weighted, plus
    |t - t*| |q - p|, and |t - t*| <= ((1 - t) bp + t bq) / (vp - vq - bp - bq).
    """
    ip, iq = 1.0 / f[p + size], 1.0 / f[q + size]
    dp, dq = f[p + size + 1] * ip, f[q + size + 1] * iq
    vp, bp, vq, bq = abs(vp) * ip, bp * ip, abs(vq) * iq, bq * iq
    gap = vp + vq
    t = vp / gap
    s = vq / gap
    blurred = s * bp + t * bq
    own = s * dp + t * dq
    s, t = s * ip, t * iq
    top, apart = 0.0, dp + dq
    for k in range(size):
        c = t * f[U(q + k)] + s * f[U(p + k)]
        f[U(o + k)] = c
        top = max(top, abs(c))
        apart = max(apart, abs(f[U(q + k)] * iq - f[U(p + k)] * ip) + dp + dq)
    slack = gap - bp - bq
    if slack <= 0.0 or top == 0.0:
        error = 1.0
    else:
        error = (own + apart * blurred / slack) * (1.0 + 1e-12) + 10.0 * UNIT
        error = error / top + 2.0 * UNIT
        top = 1.0 / top
        for k in range(size):
            f[U(o + k)] *= top
    f[o + size] = 1.0
    f[o + size + 1] = min(error * (1.0 + 1e-12), 1.0)


@jit
def _eliminate(f, size, count, rows, work, pick):
    """Complete pivoting on copies of the rows at `work`.

    `pick` receives, step by step, row and column of each pivot.  Returns the free column or -1.
    """
    d = size - 1
    for t in range(count * (size + 1)):
        f[U(work + t)] = f[U(rows + t)]
    used, taken = np.uint64(0), np.uint64(0)
    one = np.uint64(1)
    for step in range(d):
        best, br, bk = 0.0, -1, -1
        for r in range(min(count, 64)):
            if not (used >> np.uint64(r)) & one:
                for k in range(size):
                    if not (taken >> np.uint64(k)) & one:
                        c = abs(f[U(work + r * (size + 1) + k)])
                        if c > best:
                            best, br, bk = c, r, k
        if br < 0:
            return -1
        used |= one << np.uint64(br)
        taken |= one << np.uint64(bk)
        f[pick + 2 * step], f[pick + 2 * step + 1] = br, bk
        base = work + br * (size + 1)
        for r in range(min(count, 64)):
            if not (used >> np.uint64(r)) & one:
                row = work + r * (size + 1)
                c = f[row + bk] / f[base + bk]
                if c != 0.0:
                    for k in range(size):
                        f[U(row + k)] -= c * f[U(base + k)]
    for k in range(size):
        if not (taken >> np.uint64(k)) & one:
            return k
    return -1


@jit
def _invert(f, d, a):
    """Gauss-Jordan on the d x 2d matrix [A | I] at `a`, in place; False when a pivot vanishes."""
    width = 2 * d
    for i in range(d):
        pivot = i
        for r in range(i + 1, d):
            if abs(f[a + r * width + i]) > abs(f[a + pivot * width + i]):
                pivot = r
        top = f[a + pivot * width + i]
        if top == 0.0:
            return False
        for j in range(width):
            x, y = a + i * width + j, a + pivot * width + j
            f[x], f[y] = f[y], f[x]
            f[x] /= top
        for r in range(d):
            c = f[a + r * width + i]
            if r != i and c != 0.0:
                for j in range(width):
                    f[U(a + r * width + j)] -= c * f[U(a + i * width + j)]
    return True


@jit
def _independent(f, d, pick, rows, target):
    """Copy the rows that elimination picked to `target`."""
    for i in range(d):
        row = rows + np.int64(f[pick + 2 * i]) * (d + 2)
        for k in range(d + 2):
            f[U(target + i * (d + 2) + k)] = f[U(row + k)]


@jit
def _solve(f, d, rows, free, matrix, y):
    """Null vector of d rows with coordinate `free` equal to 1, and the inverse of the others.

    Returns its largest coordinate, or 0 when there is none.
    """
    for i in range(d):
        row, target = rows + i * (d + 2), matrix + i * 2 * d
        for j in range(d):
            f[U(target + j)] = f[U(row + j + (j >= free))]
            f[U(target + d + j)] = 0.0
        f[U(target + d + i)] = 1.0
    if not _invert(f, d, matrix):
        return 0.0
    top = 1.0
    f[y + free] = 1.0
    for i in range(d):
        t = 0.0
        for k in range(d):
            t -= f[U(matrix + i * 2 * d + d + k)] * f[U(rows + k * (d + 2) + free)]
        f[U(y + i + (i >= free))] = t
        top = max(top, abs(t))
    return top


@jit
def _residual(f, d, rows, y):
    """Bound for |T y| over the rows T, their own errors included; leaves row sums at the end."""
    worst, sums = 0.0, y + d + 1
    for i in range(d):
        t, m, total, row = 0.0, 0.0, 0.0, rows + i * (d + 2)
        error = f[row + d + 1]
        for k in range(d + 1):
            c = f[U(row + k)] * f[U(y + k)]
            t += c
            m += abs(c) * UNIT * (d + 3) + error * abs(f[U(y + k)])
            total += abs(f[U(row + k)])
        f[sums + i] = total * UNIT * 4 * (d + 2) + d * error
        worst = max(worst, abs(t) + m)
    return worst


@jit
def _contraction(f, d, rows, free, matrix, y):
    """Bounds for max |I - B T| and max |B|, B approximately inverse to T without column `free`."""
    worst, norm, sums, e = 0.0, 0.0, y + d + 1, y + 2 * d + 1
    for i in range(d):
        t, m = 0.0, 0.0
        for j in range(d + 1):
            f[U(e + j)] = 0.0
        f[e + i + (i >= free)] = -1.0
        for k in range(d):
            b = f[U(matrix + i * 2 * d + d + k)]
            m += abs(b)
            t += abs(b) * f[U(sums + k)]
            row = rows + k * (d + 2)
            for j in range(d + 1):
                f[U(e + j)] += b * f[U(row + j)]
        f[e + free] = 0.0
        for j in range(d + 1):
            t += abs(f[U(e + j)])
        worst, norm = max(worst, t), max(norm, m)
    return worst * (1.0 + 1e-12), norm


@jit
def _refresh(f, size, count, rows, o):
    """Improve a blended ray by a verified solve with the hyperplanes through it.

    At `rows`: `count` tight rows of `size` coefficients and an error bound each, with work space
    behind them.  From d independent ones, T, and a free coordinate (the largest, or what complete
    pivoting leaves where there are more rows), with an approximate inverse B of the other columns
    and s = max |I - B T| < 1, the true null vector y* satisfies
    max |y - y*| <= max|B| max|T y| / (1 - s), all roundings and row errors included.
    """
    d, free = size - 1, 0
    work = rows + count * (size + 1)
    pick = work + count * (size + 1)
    matrix = pick + 2 * d
    y = matrix + 2 * d * d
    if count < d:
        return
    for k in range(size):
        free = k if abs(f[o + k]) > abs(f[o + free]) else free
    if count > d:
        free = _eliminate(f, size, count, rows, work, pick)
        if free < 0:
            return
        _independent(f, d, pick, rows, work)
        rows = work
    top = _solve(f, d, rows, free, matrix, y)
    if top == 0.0:
        return
    residual = _residual(f, d, rows, y)
    contraction, norm = _contraction(f, d, rows, free, matrix, y)
    if not contraction < 0.5:
        return
    error = norm * residual / (1.0 - contraction) * (1.0 + 1e-10) / top + 3.0 * UNIT
    if not error < f[o + size + 1]:
        return
    _replace(f, size, y, top, error, o)


@jit
def _replace(f, size, y, top, error, o):
    """Put the vector y in place of a blended ray that surely points the same way."""
    t, m = 0.0, 0.0
    for k in range(size):
        t += f[y + k] * f[o + k]
        m += abs(f[y + k])
    # The blend of nearly opposite rays may point the wrong way: then it stays as it is.
    if not abs(t) > (m * f[o + size + 1] + size * error * top) * (1.0 + 1e-12):
        return
    scale = (1.0 if t > 0.0 else -1.0) / top
    for k in range(size):
        f[o + k] = f[y + k] * scale
    f[o + size + 1] = error


@jit
def _row_of(f, n, source, target):
    """Write the hyperplane of a facet identity, with its error bound, at `target`."""
    size = n[P_D] + 1
    if source == AT_INFINITY:
        for k in range(size + 1):
            f[target + k] = 0.0
        f[target + size - 1] = 1.0
    elif source < 0:
        row = n[P_DOMAIN] + (-1 - source) * (size + 1)
        for k in range(size + 1):
            f[target + k] = f[row + k]
    else:
        level, neuron = source >> 32, source & 0xFFFFFFFF
        width, maps = n[n[P_WIDTH] + level], n[P_MAPS] + level * n[P_MAP_SIZE]
        for k in range(size):
            f[target + k] = f[maps + k * width + neuron]
        f[target + size] = f[n[P_ROW_ERROR] + n[n[P_NEURON_AT] + level] + neuron]


@jit
def _tight_rows(f, n, u, h, mask, count):
    """Write the rows of the slots in a mask behind the first `count` ones; returns their number."""
    stride = n[P_D] + 2
    for slot in range(n[h + NSLOTS]):
        source = n[n[h + OFF_I] + slot]
        if source != FREE_SLOT and (
            (u[mask + slot // 64] >> np.uint64(slot % 64)) & np.uint64(1)
        ):
            _row_of(f, n, source, n[P_ROWS] + count * stride)
            count += 1
    return count


@inlined
def finer(f, n, level, maps, neuron, ray, b):
    """A smaller bound of the value at a ray, where there may be one: cuts are made with it."""
    if b > 0.0 and exact_here(f, n, level, maps, neuron, ray):
        return 0.0
    if b > 0.0 and level > 0:
        return min(b, fine_bound(f, n, level, maps, neuron, ray))
    return b


@jit
def cut_edge(f, n, u, level, neuron, node, p, q, vp, vq, target):
    """Write ray `target` of the scratch area: the zero of a neuron on the edge of rays p and q."""
    size = n[P_D] + 1
    stride = size + 2
    h, words = n[P_HEADER] + node * FIELDS, n[P_WORDS]
    off = n[h + OFF_F]
    po, qo = off + p * stride, off + q * stride
    mp, mq = n[h + OFF_U] + p * words, n[h + OFF_U] + q * words
    mask = n[P_MASKS] + target * words
    for w in range(words):
        u[mask + w] = u[mp + w] & u[mq + w]
    o = n[P_RAYS] + target * stride
    bp = bound(f, n, level, neuron, f[po + size], f[po + size + 1])
    bq = bound(f, n, level, neuron, f[qo + size], f[qo + size + 1])
    maps = n[P_MAPS] + level * n[P_MAP_SIZE]
    bp = finer(f, n, level, maps, neuron, po, bp)
    bq = finer(f, n, level, maps, neuron, qo, bq)
    if bp == 0.0 and bq == 0.0 and integer_cut(f, size, po, qo, vp, vq, o):
        return
    _blend(f, size, po, qo, vp, vq, bp, bq, o)
    if f[o + size + 1] < REFRESH:
        return
    _row_of(f, n, (level << 32) | neuron, n[P_ROWS])
    _refresh(f, size, _tight_rows(f, n, u, h, mask, 1), n[P_ROWS], o)
    if not f[o + size + 1] < 0.25:
        # Lost: any ray is within 1 of the zero vector, and answers about it are scaled to size 1.
        for k in range(size):
            f[o + k] = 0.0
        f[o + size + 1] = 1.0


@jit
def sharpen(f, n, u, h, r):
    """Recompute ray r of a node from the hyperplanes through it."""
    count = _tight_rows(f, n, u, h, n[h + OFF_U] + r * n[P_WORDS], 0)
    _refresh(f, n[P_D] + 1, count, n[P_ROWS], n[h + OFF_F] + r * (n[P_D] + 3))


@jit
def facet_slots(u, at, words, rays, word, dim):
    """Mask of the slots of one word that at least `dim` rays lie on: bit-sliced counting."""
    c0 = c1 = c2 = c3 = over = np.uint64(0)
    for r in range(rays):
        a = u[U(at + r * words + word)]
        b = c0 & a
        c0 ^= a
        a = c1 & b
        c1 ^= b
        b = c2 & a
        c2 ^= a
        a = c3 & b
        c3 ^= b
        over |= a
    if dim > 15:
        # Keeping a slot that is no facet costs time, never correctness.
        return c0 | c1 | c2 | c3 | over
    more, equal = over, ~np.uint64(0)
    for bit in (3, 2, 1, 0):
        c = c3 if bit == 3 else (c2 if bit == 2 else (c1 if bit == 1 else c0))
        if (dim >> bit) & 1:
            equal &= c
        else:
            more |= equal & c
            equal &= ~c
    return more | equal
