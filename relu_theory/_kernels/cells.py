"""Depth-first enumeration of the cells of a ReLU network, as a resumable machine.

A *cell* is a pointed polyhedral cone in homogeneous coordinates (x, w), w >= 0: the cone over a
region of the input space, unbounded regions included.  It is kept as its extreme rays, each with a
bit mask of the facets ("slots") through it.  The machine keeps a stack of cells, all of its state
lives in arrays, and `advance` may return at any moment with a status; calling it again goes on.

Everything lives in three arrays: `f` (floats), `n` (integers) and `u` (bit words).  The integers
begin with the parameters and offsets named below; each array ends with its part of the stack.
Few arguments keep calls cheap: numba passes an array as seven words.

Exactness.  A ray carries ``delta``: 0 when its coordinates are exact integers, else a bound on the
error of every coordinate (then the largest coordinate is about 1).  A sign is decided when the
float value exceeds a proved bound, or when everything involved is an integer below 2**53, so that
the float arithmetic made no error.  A sign that neither decides is put to the caller (QUERY_SIGNS,
QUERY_PIECES), who answers from rational arithmetic.

All mutually calling functions live in this one file: numba's on-disk cache does not notice a
change of a callee in another file.
"""

import numpy as np
from numba import njit

DONE, BUDGET, QUERY_SIGNS, QUERY_PIECES, OUTPUT_FULL = 0, 1, 2, 3, 4
GROW_FLOATS, GROW_INTS, GROW_BITS, GROW_NODES, GROW_SCRATCH, GROW_MASK, GROW_QUERIES = (
    5, 6, 7, 8, 9, 10, 11,
)
COUNT, CELLS = 0, 1
ROOT, CELL, FLAT, SPENT = 0, 1, 2, 3
# Fields of a node.
KIND, LEVEL, NRAYS, NSLOTS, NCROSS, NEVAL, OFF_F, OFF_I, OFF_U, DIM, CURSOR, NEDGES = range(12)
FIELDS = 12
# Entries of `n`: the problem, the state of the machine, and where each part of the arrays begins.
(P_D, P_DEPTH, P_MODE, P_WORDS, P_PATTERN,
 TOP, FTOP, ITOP, UTOP, COUNTED, NQUERY, BY_FLOAT, BY_INTEGER, BY_QUERY, NOUT, OUT_F, OUT_I,
 OUT_U, PIECES, STEPS,
 P_WIDTH, P_PATTERN_AT, P_WEIGHT_AT, P_NEURON_AT,
 P_WEIGHTS, P_BIASES, P_EXTENT, P_MAGNITUDE, P_GROWTH, P_FILTER, P_ROW_ERROR, P_LARGEST,
 P_MAPS, P_MAP_SIZE,
 P_HIGH, P_VALUES, P_LINES, P_RAYS, P_ROWS, P_PACKED, P_QVALUE, P_BOX,
 P_PAIR_P, P_PAIR_Q, P_ORDER, P_QRAY, P_QNEURON, P_PAIRS, P_RAY_ROOM, P_QUERIES,
 P_FIXED, P_MASKS, P_HEADER, P_NODES) = range(54)
PARAMETERS = 64
FREE_SLOT = -(1 << 62)
TWO53 = 9007199254740992.0
UNIT = 2.0**-53
REFRESH = 2.0**-40

_jit = njit(cache=True, nogil=True, error_model="numpy")
_tiny = njit(cache=True, nogil=True, error_model="numpy", forceinline=True)


@_tiny
def _popcount(word):
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@_jit
def _gcd(a, b):
    while b:
        a, b = b, a % b
    return a


@_jit
def _product_compare(a, b, c, d):
    """Sign of a*b - c*d for integers below 2**53 held in floats, by error-free products."""
    p, q = a * b, c * d
    split = 134217729.0
    t = split * a
    ah = t - (t - a)
    al = a - ah
    t = split * b
    bh = t - (t - b)
    bl = b - bh
    pe = ((ah * bh - p) + ah * bl + al * bh) + al * bl
    t = split * c
    ch = t - (t - c)
    cl = c - ch
    t = split * d
    dh = t - (t - d)
    dl = d - dh
    qe = ((ch * dh - q) + ch * dl + cl * dh) + cl * dl
    if p != q:
        # Exact products that round apart keep their order.
        return 1.0 if p > q else -1.0
    return np.sign(pe - qe)


@_tiny
def _bound(f, n, level, neuron, rho, delta):
    """Error bound of the float value of a neuron at a ray; 0 when that value is exact."""
    if delta == 0.0 and f[n[P_LARGEST] + level] * rho < TWO53:
        return 0.0
    o = n[n[P_NEURON_AT] + level] + neuron
    return f[n[P_FILTER] + o] * rho + f[n[P_MAGNITUDE] + o] * delta


@_tiny
def _value(f, maps, width, neuron, ray, size):
    total = 0.0
    for k in range(size):
        total += f[maps + k * width + neuron] * f[ray + k]
    return total


@_jit
def _fine_bound(f, n, level, neuron, ray):
    """Component-wise error bound; vanishes where only structural zeros meet the ray."""
    size = n[P_D] + 1
    width = n[n[P_WIDTH] + level]
    base = n[P_EXTENT] + size * n[n[P_NEURON_AT] + level] + neuron
    delta = f[ray + size + 1]
    factor = (f[n[P_GROWTH] + level] + size + 2) * UNIT
    total = 0.0
    for k in range(size):
        m = f[base + k * width]
        if m > 0.0:
            c = abs(f[ray + k])
            if c > 0.0:
                total += factor * m * c + 1e-285
            total += m * delta
    return total * (1.0 + 1e-12)


@_jit
def _decide(f, n, u, level, neuron, index, ray):
    """Value with the right sign (0.0 exactly when zero) and whether it is decided."""
    size = n[P_D] + 1
    maps = n[P_MAPS] + level * n[P_MAP_SIZE]
    value = _value(f, maps, n[n[P_WIDTH] + level], neuron, ray, size)
    bound = _bound(f, n, level, neuron, f[ray + size], f[ray + size + 1])
    if bound == 0.0:
        n[BY_INTEGER] += 1
        return value, True
    if abs(value) > bound:
        n[BY_FLOAT] += 1
        return value, True
    bound = _fine_bound(f, n, level, neuron, ray)
    if bound == 0.0 or abs(value) > bound:
        n[BY_FLOAT] += 1
        return (0.0 if bound == 0.0 else value), True
    for q in range(n[NQUERY]):
        if n[n[P_QRAY] + q] == index and n[n[P_QNEURON] + q] == neuron:
            return f[n[P_QVALUE] + q], True
    return value, False


@_jit
def _ask(n, index, neuron):
    q = n[NQUERY]
    if q >= n[P_QUERIES]:
        return False
    n[n[P_QRAY] + q] = index
    n[n[P_QNEURON] + q] = neuron
    n[NQUERY] = q + 1
    return True


@_jit
def _adjacent(n, u, base, count, p, q):
    """Whether two rays span a two-dimensional face: the combinatorial test of double description."""
    words, d = n[P_WORDS], n[P_D]
    common, at_p, at_q = 0, 0, 0
    for w in range(words):
        a, b = u[base + p * words + w], u[base + q * words + w]
        common += _popcount(a & b)
        at_p += _popcount(a)
        at_q += _popcount(b)
    if common < d - 1:
        return False
    if common == d - 1 and (at_p == d or at_q == d):
        return True
    for r in range(count):
        if r == p or r == q:
            continue
        inside = True
        for w in range(words):
            both = u[base + p * words + w] & u[base + q * words + w]
            if u[base + r * words + w] & both != both:
                inside = False
                break
        if inside:
            return False
    return True


@_jit
def _integer_cut(f, size, p, q, vp, vq, o):
    """The exact integer ray vp*q - vq*p, or False when it would not fit in 53 bits."""
    a, b = np.int64(abs(vp)), np.int64(abs(vq))
    g = _gcd(a, b)
    fa, fb = np.float64(a // g), np.float64(b // g)
    if fa * f[q + size] + fb * f[p + size] >= TWO53:
        return False
    g = np.int64(0)
    for k in range(size):
        f[o + k] = fa * f[q + k] + fb * f[p + k]
        if g != 1:
            g = _gcd(np.int64(abs(f[o + k])), g)
    top = 0.0
    for k in range(size):
        if g > 1:
            f[o + k] /= np.float64(g)
        top = max(top, abs(f[o + k]))
    f[o + size] = top
    f[o + size + 1] = 0.0
    return True


@_jit
def _blend(f, size, p, q, vp, vq, bp, bq, o):
    """The float ray on the edge pq where the value vanishes, with a running error bound.

    With weights t = vp/(vp - vq): the error is at most that of the two ends plus
    |t - t*| |q - p|, and |t - t*| <= (bp + bq) / (vp - vq - bp - bq).
    """
    ip, iq = 1.0 / f[p + size], 1.0 / f[q + size]
    vp, bp, vq, bq = abs(vp) * ip, bp * ip, abs(vq) * iq, bq * iq
    gap = vp + vq
    t = vp / gap
    s = 1.0 - t
    top = 0.0
    for k in range(size):
        f[o + k] = t * (f[q + k] * iq) + s * (f[p + k] * ip)
        top = max(top, abs(f[o + k]))
    slack = gap - bp - bq
    if slack <= 0.0 or top == 0.0:
        error = 1.0
    else:
        error = max(f[p + size + 1], f[q + size + 1])
        error = (error + 2.0 * (bp + bq) / slack * (1.0 + 1e-12) + 10.0 * UNIT) / top + 2.0 * UNIT
    if top > 0.0:
        for k in range(size):
            f[o + k] /= top
    f[o + size] = 1.0
    f[o + size + 1] = min(error * (1.0 + 1e-12), 1.0)


@_jit
def _planar_cut(f, a, maps, width, neuron, row_error, o):
    """Improve a blended planar ray: cross product of the edge's line with the new one."""
    h0, h1, h2 = f[maps + neuron], f[maps + width + neuron], f[maps + 2 * width + neuron]
    a0, a1, a2 = f[a], f[a + 1], f[a + 2]
    x, y, w = a1 * h2 - a2 * h1, a2 * h0 - a0 * h2, a0 * h1 - a1 * h0
    top = max(abs(x), max(abs(y), abs(w)))
    ma = max(abs(a0), max(abs(a1), abs(a2)))
    mh = max(abs(h0), max(abs(h1), abs(h2)))
    ea, eh = f[a + 3], row_error
    error = 2.0 * (ma * eh + mh * ea + ea * eh) + 4.0 * UNIT * ma * mh + 1e-300
    if top <= 0.0 or error >= top * f[o + 4]:
        return
    sign = 1.0 if x * f[o] + y * f[o + 1] + w * f[o + 2] > 0.0 else -1.0
    scale = sign / top
    f[o], f[o + 1], f[o + 2] = x * scale, y * scale, w * scale
    f[o + 4] = (error / top + 3.0 * UNIT) * (1.0 + 1e-12)


@_jit
def _pivot_rows(work, count, size, pick, column):
    """Complete pivoting: independent rows and their columns; returns the free column or -1."""
    used = np.zeros(count, np.bool_)
    free = np.ones(size, np.bool_)
    for step in range(size - 1):
        best, br, bk = 0.0, -1, -1
        for r in range(count):
            if not used[r]:
                for k in range(size):
                    if free[k] and abs(work[r, k]) > best:
                        best, br, bk = abs(work[r, k]), r, k
        if br < 0:
            return -1
        used[br], free[bk] = True, False
        pick[step], column[step] = br, bk
        for r in range(count):
            if not used[r]:
                c = work[r, bk] / work[br, bk]
                if c != 0.0:
                    for k in range(size):
                        work[r, k] -= c * work[br, k]
    for k in range(size):
        if free[k]:
            return k
    return -1


@_jit
def _invert(matrix, inverse):
    """Gauss-Jordan with row pivoting; False when a pivot vanishes.  `matrix` is destroyed."""
    d = matrix.shape[0]
    for i in range(d):
        pivot = i
        for r in range(i + 1, d):
            if abs(matrix[r, i]) > abs(matrix[pivot, i]):
                pivot = r
        if matrix[pivot, i] == 0.0:
            return False
        for j in range(d):
            matrix[i, j], matrix[pivot, j] = matrix[pivot, j], matrix[i, j]
            inverse[i, j], inverse[pivot, j] = inverse[pivot, j], inverse[i, j]
        c = 1.0 / matrix[i, i]
        for j in range(d):
            matrix[i, j] *= c
            inverse[i, j] *= c
        for r in range(d):
            c = matrix[r, i]
            if r != i and c != 0.0:
                for j in range(d):
                    matrix[r, j] -= c * matrix[i, j]
                    inverse[r, j] -= c * inverse[i, j]
    return True


@_jit
def _refresh(f, size, count, rows, o):
    """Improve a blended ray by a verified solve with the hyperplanes through it.

    At `rows`: `count` tight rows of `size` coefficients and an error bound each.  Complete pivoting
    chooses d independent ones, T, and the free coordinate; with an approximate inverse B of the
    pivot columns and s = max |I - B T| < 1 the true null vector y* satisfies
    max |y - y*| <= max|B| max|T y| / (1 - s), all roundings and row errors included.
    """
    d = size - 1
    if count < d:
        return
    work = np.empty((count, size))
    for r in range(count):
        for k in range(size):
            work[r, k] = f[rows + r * (size + 1) + k]
    pick, column = np.empty(d, np.int64), np.empty(d, np.int64)
    last = _pivot_rows(work, count, size, pick, column)
    if last < 0:
        return
    matrix, inverse = np.empty((d, d)), np.zeros((d, d))
    for i in range(d):
        inverse[i, i] = 1.0
        for j in range(d):
            matrix[i, j] = f[rows + pick[i] * (size + 1) + column[j]]
    if not _invert(matrix, inverse):
        return
    y = np.zeros(size)
    y[last] = 1.0
    top = 1.0
    for i in range(d):
        t = 0.0
        for j in range(d):
            t -= inverse[i, j] * f[rows + pick[j] * (size + 1) + last]
        y[column[i]] = t
        top = max(top, abs(t))
    residual, norm, contraction = 0.0, 0.0, 0.0
    for i in range(d):
        t, m = 0.0, 0.0
        base = rows + pick[i] * (size + 1)
        for k in range(size):
            t += f[base + k] * y[k]
            m += abs(f[base + k] * y[k]) * UNIT * (size + 2) + f[base + size] * abs(y[k])
        residual = max(residual, abs(t) + m)
        t, m = 0.0, 0.0
        for j in range(d):
            e, w = 0.0, 0.0
            for k in range(d):
                base = rows + pick[k] * (size + 1)
                term = inverse[i, k] * f[base + column[j]]
                e += term
                w += abs(term) * UNIT * (size + 3) + abs(inverse[i, k]) * f[base + size]
            t += abs(e - (1.0 if i == j else 0.0)) + w
            m += abs(inverse[i, j])
        contraction, norm = max(contraction, t), max(norm, m)
    if not contraction < 0.5:
        return
    error = norm * residual / (1.0 - contraction) * (1.0 + 1e-10) / top + 3.0 * UNIT
    if not error < f[o + size + 1]:
        return
    t = 0.0
    for k in range(size):
        t += y[k] * f[o + k]
    scale = (1.0 if t > 0.0 else -1.0) / top
    for k in range(size):
        f[o + k] = y[k] * scale
    f[o + size + 1] = error


@_jit
def _cut_edge(f, n, u, level, neuron, node, p, q, vp, vq, target):
    """Write ray `target` of the scratch area: the zero of a neuron on the edge between rays p, q."""
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
    bp = _bound(f, n, level, neuron, f[po + size], f[po + size + 1])
    bq = _bound(f, n, level, neuron, f[qo + size], f[qo + size + 1])
    if bp == 0.0 and bq == 0.0 and _integer_cut(f, size, po, qo, vp, vq, o):
        return
    _blend(f, size, po, qo, vp, vq, bp, bq, o)
    if f[o + size + 1] < 16.0 * UNIT:
        return
    width = n[n[P_WIDTH] + level]
    maps = n[P_MAPS] + level * n[P_MAP_SIZE]
    error = f[n[P_ROW_ERROR] + n[n[P_NEURON_AT] + level] + neuron]
    slots = off + n[h + NRAYS] * stride
    if size == 3:
        for w in range(words):
            word = u[mask + w]
            if word:
                slot = 64 * w + _popcount((word & (~word + np.uint64(1))) - np.uint64(1))
                _planar_cut(f, slots + slot * 4, maps, width, neuron, error, o)
                return
    if f[o + size + 1] > REFRESH or size == 2:
        count, rows = 1, n[P_ROWS]
        for k in range(size):
            f[rows + k] = f[maps + k * width + neuron]
        f[rows + size] = error
        for slot in range(n[h + NSLOTS]):
            if (u[mask + slot // 64] >> np.uint64(slot % 64)) & np.uint64(1):
                for k in range(size + 1):
                    f[rows + count * (size + 1) + k] = f[slots + slot * (size + 1) + k]
                count += 1
        _refresh(f, size, count, rows, o)


@_tiny
def _next_size(n, level):
    return (n[P_D] + 1) * n[n[P_WIDTH] + level + 1] if level + 1 < n[P_DEPTH] else 0


@_jit
def _add_neuron(f, n, level, neuron, target):
    """Add an active neuron's share to the affine maps of the next layer (a rank-one update)."""
    width, after = n[n[P_WIDTH] + level], n[n[P_WIDTH] + level + 1]
    maps = n[P_MAPS] + level * n[P_MAP_SIZE] + neuron
    weights = n[P_WEIGHTS] + n[n[P_WEIGHT_AT] + level + 1] + neuron * after
    column = f[weights:weights + after]
    for k in range(n[P_D] + 1):
        a = f[maps + k * width]
        if a != 0.0:
            row = f[target + k * after:target + (k + 1) * after]
            for i in range(after):
                row[i] += a * column[i]


@_tiny
def _word_of(n, node, level, neuron):
    h = n[P_HEADER] + node * FIELDS
    return (n[h + OFF_U] + n[h + NRAYS] * n[P_WORDS] + n[n[P_PATTERN_AT] + level] + neuron // 64)


@_tiny
def _set_active(n, u, node, level, neuron):
    u[_word_of(n, node, level, neuron)] |= np.uint64(1) << np.uint64(neuron % 64)


@_tiny
def _is_active(n, u, node, level, neuron):
    word = u[_word_of(n, node, level, neuron)]
    return (word >> np.uint64(neuron % 64)) & np.uint64(1) != 0


@_tiny
def _is_fixed(n, u, level, neuron):
    """Whether the start of the run already knows this first-layer neuron's sign."""
    if level > 0:
        return False
    return (u[n[P_FIXED] + neuron // 64] >> np.uint64(neuron % 64)) & np.uint64(1) != 0


@_jit
def _sweep(f, n, node, level):
    """Clear signs of a layer on the box around the node's rays: +-margin, or 0 where not clear.

    With centre c and half-widths r of the box, |a.c| - |a|.r bounds |a.x| from below.
    """
    size = n[P_D] + 1
    h = n[P_HEADER] + node * FIELDS
    width, rays, off = n[n[P_WIDTH] + level], n[h + NRAYS], n[h + OFF_F]
    box, maps = n[P_BOX], n[P_MAPS] + level * n[P_MAP_SIZE]
    delta = 0.0
    for k in range(size):
        low, high = np.inf, -np.inf
        for r in range(rays):
            ray = off + r * (size + 2)
            c = f[ray + k] / f[ray + size]
            low, high = min(low, c), max(high, c)
            delta = max(delta, f[ray + size + 1])
        f[box + k] = 0.5 * (low + high)
        f[box + size + k] = 0.5 * (high - low) * (1.0 + 1e-15) + 1e-300
    o, out = n[n[P_NEURON_AT] + level], n[P_HIGH]
    error = f[n[P_FILTER] + o:n[P_FILTER] + o + width]
    weight = f[n[P_MAGNITUDE] + o:n[P_MAGNITUDE] + o + width]
    clear = f[out:out + width]
    slack = delta + 4.0 * (size + 4) * UNIT
    if size == 3:
        c0, c1, c2 = f[box], f[box + 1], f[box + 2]
        r0, r1, r2 = f[box + 3], f[box + 4], f[box + 5]
        m0, m1 = f[maps:maps + width], f[maps + width:maps + 2 * width]
        m2 = f[maps + 2 * width:maps + 3 * width]
        for i in range(width):
            a, b, c = m0[i], m1[i], m2[i]
            v = a * c0 + b * c1 + c * c2
            m = (abs(v) - (abs(a) * r0 + abs(b) * r1 + abs(c) * r2)
                 - (error[i] + weight[i] * slack))
            clear[i] = np.copysign(m, v) if m > 0.0 else 0.0
        return
    spread = f[n[P_VALUES]:n[P_VALUES] + width]
    for i in range(width):
        clear[i] = 0.0
        spread[i] = error[i] + weight[i] * slack
    for k in range(size):
        c, r, row = f[box + k], f[box + size + k], f[maps + k * width:maps + (k + 1) * width]
        for i in range(width):
            clear[i] += row[i] * c
        for i in range(width):
            spread[i] += abs(row[i]) * r
    for i in range(width):
        m = abs(clear[i]) - spread[i]
        clear[i] = np.copysign(m, clear[i]) if m > 0.0 else 0.0


@_jit
def _classify(f, n, u, node, level, neuron):
    """Decide one neuron ray by ray; returns (has +, has -, number of undecided rays)."""
    size = n[P_D] + 1
    h = n[P_HEADER] + node * FIELDS
    off = n[h + OFF_F]
    plus, minus, unknown = False, False, 0
    for r in range(n[h + NRAYS]):
        v, decided = _decide(f, n, u, level, neuron, r, off + r * (size + 2))
        if not decided:
            unknown += 1
        else:
            plus = plus or v > 0.0
            minus = minus or v < 0.0
    return plus, minus, unknown


@_jit
def _ask_all(f, n, u, node, level, neuron):
    size = n[P_D] + 1
    h = n[P_HEADER] + node * FIELDS
    for r in range(n[h + NRAYS]):
        ray = n[h + OFF_F] + r * (size + 2)
        if not _decide(f, n, u, level, neuron, r, ray)[1]:
            if not _ask(n, r, neuron):
                return False
    return True


@_jit
def _find_crossing(f, n, u, node, level, cross):
    """List the neurons of a layer that cross the node; clear signs stay in the sweep's output."""
    width = n[n[P_WIDTH] + level]
    asked, count, out = n[NQUERY], 0, n[P_HIGH]
    _sweep(f, n, node, level)
    n[BY_FLOAT] += width
    for i in range(width):
        if f[out + i] != 0.0 or _is_fixed(n, u, level, i):
            continue
        plus, minus, unknown = _classify(f, n, u, node, level, i)
        if unknown > 0:
            if not _ask_all(f, n, u, node, level, i):
                return GROW_QUERIES, 0
        elif plus and minus:
            n[cross + count] = i
            count += 1
        else:
            f[out + i] = 1.0 if plus else -1.0
    return (QUERY_SIGNS if n[NQUERY] > asked else DONE), count


@_jit
def _first_maps(f, n, u, node, level, target):
    """Record the settled neurons in the pattern and start the next layer's maps with them."""
    width, nxt, out = n[n[P_WIDTH] + level], _next_size(n, level), n[P_HIGH]
    if nxt:
        after = n[n[P_WIDTH] + level + 1]
        biases = n[P_BIASES] + n[n[P_NEURON_AT] + level + 1]
        f[target:target + nxt - after] = 0.0
        row = f[target + nxt - after:target + nxt]
        for i in range(after):
            row[i] = f[biases + i]
    for i in range(width):
        if _is_fixed(n, u, level, i):
            if nxt and _is_active(n, u, node, level, i):
                _add_neuron(f, n, level, i, target)
        elif f[out + i] > 0.0:
            _set_active(n, u, node, level, i)
            if nxt:
                _add_neuron(f, n, level, i, target)


@_jit
def _open_root(f, n, u):
    """Turn the top node, a ROOT, into a CELL: which neurons of its layer cross it, and their values."""
    node = n[TOP]
    size = n[P_D] + 1
    h = n[P_HEADER] + node * FIELDS
    level, rays, slots = n[h + LEVEL], n[h + NRAYS], n[h + NSLOTS]
    width, nxt = n[n[P_WIDTH] + level], _next_size(n, level)
    cross = n[h + OFF_I] + slots
    if n[FTOP] + nxt + rays * width > f.size:
        return GROW_FLOATS
    if cross + width > n.size:
        return GROW_INTS
    status, count = _find_crossing(f, n, u, node, level, cross)
    if status != DONE:
        return status
    base = n[h + OFF_F] + rays * (size + 2) + slots * (size + 1)
    if level + 1 < n[P_DEPTH] or n[P_MODE] == CELLS:
        _first_maps(f, n, u, node, level, base)
        base += nxt
    for r in range(rays):
        ray = n[h + OFF_F] + r * (size + 2)
        for x in range(count):
            v, _ = _decide(f, n, u, level, n[cross + x], r, ray)
            f[base + r * count + x] = v
    n[h + KIND], n[h + NCROSS] = CELL, count
    n[h + NEVAL], n[h + CURSOR], n[h + NEDGES] = rays, 0, -1
    n[FTOP], n[ITOP] = base + rays * count, cross + count
    n[NQUERY] = 0
    return DONE


@_tiny
def _values_at(n, node):
    """Where the values (rays x crossing neurons) of a node begin."""
    h = n[P_HEADER] + node * FIELDS
    size = n[P_D] + 1
    o = n[h + OFF_F] + n[h + NRAYS] * (size + 2) + n[h + NSLOTS] * (size + 1)
    return o + (_next_size(n, n[h + LEVEL]) if n[h + KIND] == CELL else 0)


@_jit
def _evaluate_new(f, n, u, node, base):
    """Values of the crossing neurons at the rays that the node did not inherit."""
    h = n[P_HEADER] + node * FIELDS
    size = n[P_D] + 1
    count, cross, unknown = n[h + NCROSS], n[h + OFF_I] + n[h + NSLOTS], False
    for r in range(n[h + NEVAL], n[h + NRAYS]):
        ray = n[h + OFF_F] + r * (size + 2)
        for x in range(count):
            v, decided = _decide(f, n, u, n[h + LEVEL], n[cross + x], r, ray)
            f[base + r * count + x] = v
            if not decided:
                unknown = True
                if not _ask(n, r, n[cross + x]):
                    return GROW_QUERIES
    return QUERY_SIGNS if unknown else DONE


@_jit
def _settle(f, n, u):
    """Evaluate the new rays of the top node and drop the neurons that no longer cross it.

    Returns (status, whether some dropped neuron vanishes on the whole node).
    """
    node = n[TOP]
    h = n[P_HEADER] + node * FIELDS
    level, rays, count = n[h + LEVEL], n[h + NRAYS], n[h + NCROSS]
    cross = n[h + OFF_I] + n[h + NSLOTS]
    base = _values_at(n, node)
    status = _evaluate_new(f, n, u, node, base)
    if status != DONE:
        return status, False
    n[NQUERY] = 0
    kept, flat, order, nxt = 0, False, n[P_ORDER], _next_size(n, level)
    for x in range(count):
        plus, minus = False, False
        for r in range(rays):
            v = f[base + r * count + x]
            plus = plus or v > 0.0
            minus = minus or v < 0.0
        if plus and minus:
            n[order + kept] = x
            kept += 1
        elif not plus and not minus:
            flat = True
        elif plus and n[h + KIND] == CELL:
            _set_active(n, u, node, level, n[cross + x])
            if nxt:
                _add_neuron(f, n, level, n[cross + x], base - nxt)
    if kept < count:
        for r in range(rays):
            for x in range(kept):
                f[base + r * kept + x] = f[base + r * count + n[order + x]]
        for x in range(kept):
            n[cross + x] = n[cross + n[order + x]]
    n[h + NCROSS], n[h + NEVAL] = kept, rays
    n[FTOP], n[ITOP] = base + rays * kept, cross + kept
    return DONE, flat


@_jit
def _sign_changes(f, n, u, node, base, count, x):
    """Adjacent ray pairs (+, -) of a node for its crossing neuron x; -1 when out of room."""
    h = n[P_HEADER] + node * FIELDS
    rays, found, masks = n[h + NRAYS], 0, n[h + OFF_U]
    for p in range(rays):
        if f[base + p * count + x] > 0.0:
            for q in range(rays):
                if f[base + q * count + x] < 0.0 and _adjacent(n, u, masks, rays, p, q):
                    if found >= n[P_PAIRS]:
                        return -1
                    n[n[P_PAIR_P] + found], n[n[P_PAIR_Q] + found] = p, q
                    found += 1
    return found


@_jit
def _copy_rays(f, n, u, parent, side, x, pairs, slot):
    """Rays and masks of a child at the tops of the stack; returns how many rays it inherits."""
    h = n[P_HEADER] + parent * FIELDS
    size, words = n[P_D] + 1, n[P_WORDS]
    stride = size + 2
    base, count, order = _values_at(n, parent), n[h + NCROSS], n[P_ORDER]
    of, ou = n[FTOP], n[UTOP]
    bit, word = np.uint64(1) << np.uint64(slot % 64), slot // 64
    kept = 0
    for r in range(n[h + NRAYS]):
        v = f[base + r * count + x]
        if v == 0.0 or v * side > 0.0:
            n[order + kept] = r
            source = n[h + OFF_F] + r * stride
            for k in range(stride):
                f[of + kept * stride + k] = f[source + k]
            source = n[h + OFF_U] + r * words
            for w in range(words):
                u[ou + kept * words + w] = u[source + w]
            if v == 0.0:
                u[ou + kept * words + word] |= bit
            kept += 1
    source = n[P_RAYS]
    for t in range(pairs * stride):
        f[of + kept * stride + t] = f[source + t]
    source = n[P_MASKS]
    for t in range(pairs):
        for w in range(words):
            u[ou + (kept + t) * words + w] = u[source + t * words + w]
        u[ou + (kept + t) * words + word] |= bit
    source = n[h + OFF_U] + n[h + NRAYS] * words
    for w in range(n[P_PATTERN]):
        u[ou + (kept + pairs) * words + w] = u[source + w]
    return kept


@_jit
def _copy_slots(f, n, u, parent, neuron, slot, rays, dim):
    """Facet slots of a child, the new one included; frees those with too few rays for a facet."""
    h = n[P_HEADER] + parent * FIELDS
    size, words, level = n[P_D] + 1, n[P_WORDS], n[h + LEVEL]
    old, oi, ou = n[h + NSLOTS], n[ITOP], n[UTOP]
    source = n[h + OFF_F] + n[h + NRAYS] * (size + 2)
    target = n[FTOP] + rays * (size + 2)
    for t in range(old * (size + 1)):
        f[target + t] = f[source + t]
    width = n[n[P_WIDTH] + level]
    maps = n[P_MAPS] + level * n[P_MAP_SIZE] + neuron
    for k in range(size):
        f[target + slot * (size + 1) + k] = f[maps + k * width]
    f[target + slot * (size + 1) + size] = f[
        n[P_ROW_ERROR] + n[n[P_NEURON_AT] + level] + neuron]
    for t in range(old):
        n[oi + t] = n[n[h + OFF_I] + t]
    n[oi + slot] = (level << 32) | neuron
    slots = max(old, slot + 1)
    for t in range(slots):
        if n[oi + t] != FREE_SLOT:
            w, one = t // 64, np.uint64(1) << np.uint64(t % 64)
            tight = 0
            for r in range(rays):
                if u[ou + r * words + w] & one:
                    tight += 1
            if tight < dim:
                n[oi + t] = FREE_SLOT
                for r in range(rays):
                    u[ou + r * words + w] &= ~one
    while n[oi + slots - 1] == FREE_SLOT:
        slots -= 1
    return slots


@_jit
def _write_child(f, n, u, parent, side, x, pairs, slot):
    """Push the part of the parent where neuron x has the given sign (0: the flat where it vanishes)."""
    h = n[P_HEADER] + parent * FIELDS
    size = n[P_D] + 1
    level, count = n[h + LEVEL], n[h + NCROSS]
    cross = n[h + OFF_I] + n[h + NSLOTS]
    neuron, base, order = n[cross + x], _values_at(n, parent), n[P_ORDER]
    dim = n[h + DIM] - (1 if side == 0 else 0)
    kept = _copy_rays(f, n, u, parent, side, x, pairs, slot)
    rays = kept + pairs
    slots = _copy_slots(f, n, u, parent, neuron, slot, rays, dim)
    child, of, oi, ou = n[TOP] + 1, n[FTOP], n[ITOP], n[UTOP]
    target = of + rays * (size + 2) + slots * (size + 1)
    if side != 0:
        nxt = _next_size(n, level)
        old, new = f[base - nxt:base], f[target:target + nxt]
        for i in range(nxt):
            new[i] = old[i]
        if side > 0 and nxt:
            _add_neuron(f, n, level, neuron, target)
        target += nxt
    last = x if side == 0 else count
    crossing = 0
    for y in range(last):
        if y != x:
            n[oi + slots + crossing] = n[cross + y]
            crossing += 1
    for t in range(kept):
        source, y2 = base + n[order + t] * count, target + t * crossing
        for y in range(last):
            if y != x:
                f[y2] = f[source + y]
                y2 += 1
    c = n[P_HEADER] + child * FIELDS
    n[c + KIND], n[c + LEVEL] = FLAT if side == 0 else CELL, level
    n[c + NRAYS], n[c + NSLOTS], n[c + NCROSS], n[c + NEVAL] = rays, slots, crossing, kept
    n[c + OFF_F], n[c + OFF_I], n[c + OFF_U] = of, oi, ou
    n[c + DIM], n[c + CURSOR], n[c + NEDGES] = dim, -1, -1
    n[TOP] = child
    n[FTOP] = target + rays * crossing
    n[ITOP] = oi + slots + crossing
    n[UTOP] = ou + rays * n[P_WORDS] + n[P_PATTERN]
    if side > 0:
        _set_active(n, u, child, level, neuron)


@_jit
def _room(f, n, u, node, pairs, children):
    """Status DONE when the children of a node certainly fit, else which area must grow."""
    h = n[P_HEADER] + node * FIELDS
    size = n[P_D] + 1
    rays = n[h + NRAYS] + pairs
    need = (rays * (size + 2 + n[h + NCROSS]) + (n[h + NSLOTS] + 1) * (size + 1)
            + _next_size(n, n[h + LEVEL]))
    if n[FTOP] + children * need > f.size:
        return GROW_FLOATS
    if n[ITOP] + children * (n[h + NSLOTS] + 1 + n[h + NCROSS]) > n.size:
        return GROW_INTS
    if n[UTOP] + children * (rays * n[P_WORDS] + n[P_PATTERN]) > u.size:
        return GROW_BITS
    if n[TOP] + children >= n[P_NODES]:
        return GROW_NODES
    if rays > n[P_RAY_ROOM]:
        return GROW_SCRATCH
    return DONE


@_jit
def _free_slot(n, node):
    h = n[P_HEADER] + node * FIELDS
    for t in range(n[h + NSLOTS]):
        if n[n[h + OFF_I] + t] == FREE_SLOT:
            return t
    return n[h + NSLOTS]


@_jit
def _cut_pairs(f, n, u, node, x, pairs):
    """Scratch rays where neuron x vanishes on the listed edges."""
    h = n[P_HEADER] + node * FIELDS
    count = n[h + NCROSS]
    neuron = n[n[h + OFF_I] + n[h + NSLOTS] + x]
    base = _values_at(n, node)
    for t in range(pairs):
        p, q = n[n[P_PAIR_P] + t], n[n[P_PAIR_Q] + t]
        _cut_edge(f, n, u, n[h + LEVEL], neuron, node, p, q,
                  f[base + p * count + x], f[base + q * count + x], t)


@_jit
def _split(f, n, u):
    """Split the top cell by its first crossing neuron and push both halves."""
    node = n[TOP]
    h = n[P_HEADER] + node * FIELDS
    slot = _free_slot(n, node)
    if slot >= 64 * n[P_WORDS]:
        return GROW_MASK
    pairs = _sign_changes(f, n, u, node, _values_at(n, node), n[h + NCROSS], 0)
    if pairs < 0:
        return GROW_SCRATCH
    status = _room(f, n, u, node, pairs, 2)
    if status != DONE:
        return status
    _cut_pairs(f, n, u, node, 0, pairs)
    _write_child(f, n, u, node, -1, 0, pairs, slot)
    _write_child(f, n, u, node, 1, 0, pairs, slot)
    n[h + KIND] = SPENT
    return DONE


@_jit
def _list_edges(f, n, u, node):
    """Append all adjacent ray pairs of the top node to its integers (once)."""
    h = n[P_HEADER] + node * FIELDS
    rays, found, o = n[h + NRAYS], 0, n[ITOP]
    for p in range(rays):
        for q in range(p + 1, rays):
            if _adjacent(n, u, n[h + OFF_U], rays, p, q):
                if o + 2 * found + 2 > n.size:
                    return GROW_INTS
                n[o + 2 * found], n[o + 2 * found + 1] = p, q
                found += 1
    n[h + NEDGES] = found
    n[ITOP] = o + 2 * found
    return DONE


@_jit
def _changes_on_edges(f, n, node, base, count, x):
    """Like `_sign_changes`, from the list of edges."""
    h = n[P_HEADER] + node * FIELDS
    o = n[h + OFF_I] + n[h + NSLOTS] + count
    found = 0
    for e in range(n[h + NEDGES]):
        p, q = n[o + 2 * e], n[o + 2 * e + 1]
        vp, vq = f[base + p * count + x], f[base + q * count + x]
        if (vp > 0.0 and vq < 0.0) or (vp < 0.0 and vq > 0.0):
            if found >= n[P_PAIRS]:
                return -1
            n[n[P_PAIR_P] + found] = p if vp > 0.0 else q
            n[n[P_PAIR_Q] + found] = q if vp > 0.0 else p
            found += 1
    return found


@_jit
def _push_flat(f, n, u, node):
    """Push the next flat of the top node (deletion and restriction), in the order of its neurons."""
    h = n[P_HEADER] + node * FIELDS
    if n[h + NEDGES] < 0:
        status = _list_edges(f, n, u, node)
        if status != DONE:
            return status
    slot = _free_slot(n, node)
    if slot >= 64 * n[P_WORDS]:
        return GROW_MASK
    x = n[h + CURSOR]
    pairs = _changes_on_edges(f, n, node, _values_at(n, node), n[h + NCROSS], x)
    if pairs < 0:
        return GROW_SCRATCH
    status = _room(f, n, u, node, pairs, 1)
    if status != DONE:
        return status
    _cut_pairs(f, n, u, node, x, pairs)
    n[h + CURSOR] = x + 1
    _write_child(f, n, u, node, 0, x, pairs, slot)
    return DONE


@_tiny
def _same_point(f, lines, width, a, b):
    """Whether two exact crossings s/(s - t) of one chord coincide."""
    sa, ta = f[lines + a], f[lines + width + a]
    sb, tb = f[lines + b], f[lines + width + b]
    return _product_compare(sa, sb - tb, sb, sa - ta) == 0.0


@_jit
def _sort(a):
    """Sort in place: quicksort with an explicit stack, insertion for short runs."""
    low, high = np.empty(64, np.int64), np.empty(64, np.int64)
    low[0], high[0] = 0, a.size - 1
    top = 0
    while top >= 0:
        i, j = low[top], high[top]
        top -= 1
        while j - i > 16:
            m = (i + j) // 2
            pivot = max(min(a[i], a[j]), min(max(a[i], a[j]), a[m]))
            p, q = i, j
            while p <= q:
                while a[p] < pivot:
                    p += 1
                while a[q] > pivot:
                    q -= 1
                if p <= q:
                    a[p], a[q] = a[q], a[p]
                    p += 1
                    q -= 1
            # The longer part waits, so that the stack stays logarithmic.
            top += 1
            if q - i < j - p:
                low[top], high[top] = p, j
                j = q
            else:
                low[top], high[top] = i, q
                i = p
        for p in range(i + 1, j + 1):
            value = a[p]
            q = p - 1
            while q >= i and a[q] > value:
                a[q + 1] = a[q]
                q -= 1
            a[q + 1] = value


@_jit
def _clusters(f, n, width, count, worst, ordered):
    """Distinct exact crossings: one per cluster of close values, or -1 when a cluster is mixed."""
    values, lines, start = n[P_VALUES], n[P_LINES], n[P_ORDER]
    distinct = 0
    for j in range(count):
        if j > 0 and ordered[j] - ordered[j - 1] <= worst:
            n[start + j] = n[start + j - 1]
        else:
            n[start + j] = j
            distinct += 1
        n[start + count + j] = -1
    for j in range(count):
        t, i, k = f[values + j], 0, count - 1
        while i < k:
            m = (i + k) // 2
            if ordered[m] < t:
                i = m + 1
            else:
                k = m
        first = start + count + n[start + i]
        if n[first] < 0:
            n[first] = j
        elif not _same_point(f, lines, width, n[first], j):
            return -1
    return distinct


@_jit
def _distinct_sorted(f, n, width, count, worst, exact):
    """Distinct crossings among many: sort, then compare what lies close together."""
    values = n[P_VALUES]
    ordered = f[values + width:values + width + count]
    for j in range(count):
        ordered[j] = f[values + j]
    _sort(ordered)
    for j in range(1, count):
        if ordered[j] - ordered[j - 1] <= worst:
            return _clusters(f, n, width, count, worst, ordered) if exact else -1
    return count


@_jit
def _distinct(f, n, width, count):
    """Number of distinct crossings on a chord, or -1 when floats cannot tell.

    The line area holds, in rows of `width`: value s at one end, value t at the other, and the two
    error bounds; the crossing sits at s / (s - t).
    """
    if count < 2:
        return count
    values, lines = n[P_VALUES], n[P_LINES]
    worst, exact = 0.0, True
    for j in range(count):
        s, t = f[lines + j], f[lines + width + j]
        bs, bt = f[lines + 2 * width + j], f[lines + 3 * width + j]
        f[values + j] = s / (s - t)
        gap = abs(s) + abs(t)
        if bs > 0.0 or bt > 0.0:
            exact = False
            slack = gap - bs - bt
            worst = max(worst, (bs + bt) / slack if slack > 0.0 else 1.0)
        elif gap >= TWO53:
            exact = False
    worst = 2.0 * worst * (1.0 + 1e-12) + 8.0 * UNIT
    if count > 2:
        return _distinct_sorted(f, n, width, count, worst, exact)
    if abs(f[values] - f[values + 1]) > worst:
        return 2
    if not exact:
        return -1
    return 1 if _same_point(f, lines, width, 0, 1) else 2


@_jit
def _segment_pieces(f, n, node):
    """Pieces of a segment (a node of dimension 1) under its crossing neurons."""
    h = n[P_HEADER] + node * FIELDS
    count, level = n[h + NCROSS], n[h + LEVEL]
    size, lines, base = n[P_D] + 1, n[P_LINES], _values_at(n, node)
    cross = n[h + OFF_I] + n[h + NSLOTS]
    for x in range(count):
        for e in range(2):
            ray = n[h + OFF_F] + e * (size + 2)
            f[lines + e * count + x] = f[base + e * count + x]
            f[lines + (2 + e) * count + x] = _bound(
                f, n, level, n[cross + x], f[ray + size], f[ray + size + 1])
    found = _distinct(f, n, count, count)
    return found if found < 0 else found + 1


@_jit
def _chord_ends(f, n, u, node, x, base, edges):
    """Put the two ends of a line's chord into the scratch rays; True when there are just two.

    ``order[e]`` is the node's ray at that end, or -1 for a new point.
    """
    h = n[P_HEADER] + node * FIELDS
    count, rays, size = n[h + NCROSS], n[h + NRAYS], n[P_D] + 1
    stride, order, cross = size + 2, n[P_ORDER], n[h + OFF_I] + n[h + NSLOTS]
    ends = 0
    for r in range(rays):
        if f[base + r * count + x] == 0.0:
            if ends > 1:
                return False
            for k in range(stride):
                f[n[P_RAYS] + ends * stride + k] = f[n[h + OFF_F] + r * stride + k]
            n[order + ends] = r
            ends += 1
    for e in range(edges):
        p, q = n[n[P_PAIR_P] + e], n[n[P_PAIR_Q] + e]
        vp, vq = f[base + p * count + x], f[base + q * count + x]
        if (vp > 0.0 and vq < 0.0) or (vp < 0.0 and vq > 0.0):
            if ends > 1:
                return False
            if vp < 0.0:
                p, q, vp, vq = q, p, vq, vp
            _cut_edge(f, n, u, n[h + LEVEL], n[cross + x], node, p, q, vp, vq, ends)
            n[order + ends] = -1
            ends += 1
    return ends == 2


@_jit
def _chord_values(f, n, node, x, e, base, packed):
    """Values and bounds of the lines before x at one end of its chord; False when undecided."""
    h = n[P_HEADER] + node * FIELDS
    count, level, size = n[h + NCROSS], n[h + LEVEL], n[P_D] + 1
    o = n[P_RAYS] + e * (size + 2)
    start = n[P_LINES] + e * x
    value, bound = f[start:start + x], f[start + 2 * x:start + 3 * x]
    r = n[n[P_ORDER] + e]
    if r >= 0:
        for j in range(x):
            value[j] = f[base + r * count + j]
    elif size == 3:
        c0, c1, c2 = f[o], f[o + 1], f[o + 2]
        a, b = f[packed:packed + x], f[packed + count:packed + count + x]
        c = f[packed + 2 * count:packed + 2 * count + x]
        for j in range(x):
            value[j] = a[j] * c0 + b[j] * c1 + c[j] * c2
    else:
        value[:] = 0.0
        for k in range(size):
            c, row = f[o + k], f[packed + k * count:packed + k * count + x]
            for j in range(x):
                value[j] += row[j] * c
    rho, delta = f[o + size], f[o + size + 1]
    if delta == 0.0 and f[n[P_LARGEST] + level] * rho < TWO53:
        bound[:] = 0.0
        n[BY_INTEGER] += x
        return True
    start = packed + size * count
    error, weight = f[start:start + x], f[start + count:start + count + x]
    for j in range(x):
        bound[j] = error[j] * rho + weight[j] * delta
    n[BY_FLOAT] += x
    if r < 0:
        for j in range(x):
            if abs(value[j]) <= bound[j]:
                return False
    return True


@_jit
def _chord_pieces(f, n, x):
    """Pieces of a chord: 1 + distinct crossings with earlier lines; 0 when it repeats one, or -1."""
    lines, found = n[P_LINES], 0
    for j in range(x):
        s, t = f[lines + j], f[lines + x + j]
        if s == 0.0 and t == 0.0:
            return 0
        if (s > 0.0 and t < 0.0) or (s < 0.0 and t > 0.0):
            # Crossings move to the front; no entry is read after it was overwritten.
            for k in range(4):
                f[lines + k * x + found] = f[lines + k * x + j]
            found += 1
    found = _distinct(f, n, x, found)
    return found if found < 0 else found + 1


@_jit
def _pack_lines(f, n, node, packed):
    """Coefficients and bounds of the crossing neurons, gathered so that loops run contiguously."""
    h = n[P_HEADER] + node * FIELDS
    size, level, count = n[P_D] + 1, n[h + LEVEL], n[h + NCROSS]
    cross, width = n[h + OFF_I] + n[h + NSLOTS], n[n[P_WIDTH] + level]
    maps, o = n[P_MAPS] + level * n[P_MAP_SIZE], n[n[P_NEURON_AT] + level]
    for x in range(count):
        i = n[cross + x]
        for k in range(size):
            f[packed + k * count + x] = f[maps + k * width + i]
        f[packed + size * count + x] = f[n[P_FILTER] + o + i]
        f[packed + (size + 1) * count + x] = f[n[P_MAGNITUDE] + o + i]


@_jit
def _polygon_pieces(f, n, u, node):
    """Pieces of a polygon (a node of dimension 2): 1 + the pieces of every chord by earlier lines.

    Returns -1 when a coincidence cannot be decided here, -2 when scratch space is short.
    """
    h = n[P_HEADER] + node * FIELDS
    count, rays = n[h + NCROSS], n[h + NRAYS]
    if rays + 2 > n[P_RAY_ROOM]:
        return -2
    base, packed = _values_at(n, node), n[P_PACKED]
    edges = 0
    for p in range(rays):
        for q in range(p + 1, rays):
            if _adjacent(n, u, n[h + OFF_U], rays, p, q):
                n[n[P_PAIR_P] + edges], n[n[P_PAIR_Q] + edges] = p, q
                edges += 1
    if edges > rays:
        return -1
    _pack_lines(f, n, node, packed)
    total = 2
    for x in range(1, count):
        if not _chord_ends(f, n, u, node, x, base, edges):
            return -1
        for e in range(2):
            if not _chord_values(f, n, node, x, e, base, packed):
                return -1
        pieces = _chord_pieces(f, n, x)
        if pieces < 0:
            return -1
        total += pieces
    return total


@_jit
def _pop(n):
    h = n[P_HEADER] + n[TOP] * FIELDS
    n[FTOP], n[ITOP], n[UTOP] = n[h + OFF_F], n[h + OFF_I], n[h + OFF_U]
    n[TOP] -= 1


@_jit
def _emit(f, n, u, out_h, out_f, out_n, out_u):
    """Copy a finished cell (rays, slots, masks, pattern) to the output area."""
    h = n[P_HEADER] + n[TOP] * FIELDS
    size, words = n[P_D] + 1, n[P_WORDS]
    rays, slots, count = n[h + NRAYS], n[h + NSLOTS], n[NOUT]
    nf, nu = rays * (size + 2), rays * words + n[P_PATTERN]
    if (count >= out_h.shape[0] or n[OUT_F] + nf > out_f.size or n[OUT_I] + slots > out_n.size
            or n[OUT_U] + nu > out_u.size):
        return OUTPUT_FULL
    out_h[count, 0], out_h[count, 1] = rays, slots
    out_h[count, 2], out_h[count, 3], out_h[count, 4] = n[OUT_F], n[OUT_I], n[OUT_U]
    for t in range(nf):
        out_f[n[OUT_F] + t] = f[n[h + OFF_F] + t]
    for t in range(slots):
        out_n[n[OUT_I] + t] = n[n[h + OFF_I] + t]
    for t in range(nu):
        out_u[n[OUT_U] + t] = u[n[h + OFF_U] + t]
    n[OUT_F] += nf
    n[OUT_I] += slots
    n[OUT_U] += nu
    n[NOUT] = count + 1
    n[COUNTED] += 1
    _pop(n)
    return DONE


@_jit
def _descend(f, n):
    """Make the top cell, a leaf of its layer, the root of the next layer, in place."""
    h = n[P_HEADER] + n[TOP] * FIELDS
    size, level = n[P_D] + 1, n[h + LEVEL]
    rest = n[h + OFF_F] + n[h + NRAYS] * (size + 2) + n[h + NSLOTS] * (size + 1)
    maps = n[P_MAPS] + (level + 1) * n[P_MAP_SIZE]
    nxt = _next_size(n, level)
    old, new = f[rest:rest + nxt], f[maps:maps + nxt]
    for i in range(nxt):
        new[i] = old[i]
    n[h + KIND], n[h + LEVEL] = ROOT, level + 1
    n[h + NCROSS], n[h + NEVAL] = 0, 0
    n[FTOP] = rest
    n[ITOP] = n[h + OFF_I] + n[h + NSLOTS]


@_jit
def _count_node(f, n, u, node):
    """Pieces of the top node by a closed form; DONE when counted and popped."""
    h = n[P_HEADER] + node * FIELDS
    count, pieces = n[h + NCROSS], n[PIECES]
    if count < 2:
        pieces = count + 1
    elif pieces == 0:
        if n[h + DIM] == 1:
            pieces = _segment_pieces(f, n, node)
        else:
            pieces = _polygon_pieces(f, n, u, node)
        if pieces == -2:
            return GROW_SCRATCH
        if pieces < 0:
            return QUERY_PIECES
    n[PIECES] = 0
    n[COUNTED] += pieces
    _pop(n)
    return DONE


@_jit
def _step_flat(f, n, u, node):
    """Count a node of the last layer: by a closed form, or through its flats, one after another."""
    h = n[P_HEADER] + node * FIELDS
    if n[h + NCROSS] < 2 or n[h + DIM] <= 2:
        return _count_node(f, n, u, node)
    if n[h + CURSOR] < n[h + NCROSS]:
        return _push_flat(f, n, u, node)
    n[COUNTED] += 1
    _pop(n)
    return DONE


@_jit
def _step(f, n, u, out_h, out_f, out_n, out_u):
    """Do the next thing to the node on top of the stack."""
    node = n[TOP]
    h = n[P_HEADER] + node * FIELDS
    if n[h + KIND] == SPENT:
        _pop(n)
        return DONE
    if n[h + KIND] == ROOT:
        return _open_root(f, n, u)
    if n[h + CURSOR] < 0:
        status, repeated = _settle(f, n, u)
        if status != DONE:
            return status
        n[h + CURSOR] = 0
        if repeated and n[h + KIND] == FLAT:
            # An earlier neuron vanishes on the same flat: it was counted there.
            _pop(n)
            return DONE
    last = n[h + LEVEL] == n[P_DEPTH] - 1
    if n[h + KIND] == FLAT or (last and n[P_MODE] == COUNT):
        return _step_flat(f, n, u, node)
    if n[h + NCROSS] > 0:
        return _split(f, n, u)
    if last:
        return _emit(f, n, u, out_h, out_f, out_n, out_u)
    _descend(f, n)
    return DONE


@_jit
def advance(f, n, u, out_h, out_f, out_n, out_u, budget):
    """Run until the stack is empty, the budget of steps is spent, or the caller is needed."""
    for _ in range(budget):
        if n[TOP] < 0:
            return DONE
        n[STEPS] += 1
        status = _step(f, n, u, out_h, out_f, out_n, out_u)
        if status != DONE:
            return status
    return DONE if n[TOP] < 0 else BUDGET
