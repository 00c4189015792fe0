"""Counting in the plane: cells are polygons with their vertices in order.

The same machine as in `cells`, for two inputs and counts only.  Edge k of a polygon runs from
vertex k to the next one; the slots of a node are its edges in that order, so that no masks and no
tests of adjacency are needed.  The affine maps of a layer are built up on the way down the search
(each neuron found active on a cell adds its share to the next layer's maps) and read in place.
"""

import numpy as np
from numba import njit

from relu_theory._kernels.arithmetic import (
    U, ask, decide, exact_here, inlined, integer_cut, jit, repeats,
)
from relu_theory._kernels.chords import distinct
from relu_theory._kernels.layout import (
    BUDGET, BY_FLOAT, BY_INTEGER, CELL, COUNTED, CURSOR, DIM, DONE, FIELDS, FTOP, GROW_BITS,
    GROW_FLOATS, GROW_INTS, GROW_NODES, GROW_QUERIES, GROW_SCRATCH, ITOP, KIND, LEVEL, MAPS, NCROSS,
    NEDGES, NQUERY, NRAYS, NSLOTS, OFF_F, OFF_I, OFF_U, P_BIASES, P_CLASS, P_DEPTH, P_FILTER, P_FIXED,
    P_HEADER, P_HIGH, P_LARGEST, P_LINES, P_MAGNITUDE, P_MAPS, P_NEURON_AT, P_NODES, P_PACKED,
    P_PATTERN, P_PATTERN_AT, P_RAY_ROOM, P_RAYS, P_ROW_ERROR, P_ROWS, P_WEIGHT_AT, P_WEIGHTS,
    P_WIDTH, PIECES, QUERY_PIECES, QUERY_SIGNS, ROOT, SPENT, STEPS, TOP, TWO53, UNIT, UTOP,
)

# Content hash of the imported kernel files: numba's cache looks only at this file.
IMPORTED = "c46f97cda0815597"


@inlined
def _maps_at(n, h):
    return n[P_MAPS] if n[h + LEVEL] == 0 else n[h + MAPS]


@inlined
def _next_size(n, level):
    return 3 * n[n[P_WIDTH] + level + 1] if level + 1 < n[P_DEPTH] else 0


@jit
def _sweep(f, n, h, level, maps, width):
    """Clear signs of a layer on the box around the polygon: +-margin, or 0 where not clear.

    With centre c and half-widths r of the box, |a.c| - |a|.r bounds |a.x| from below.
    """
    low0 = low1 = low2 = np.inf
    high0 = high1 = high2 = -np.inf
    delta = 0.0
    off = n[h + OFF_F]
    for k in range(n[h + NRAYS]):
        ray = off + 5 * k
        s = 1.0 / f[U(ray + 3)]
        x, y, w = f[U(ray)] * s, f[U(ray + 1)] * s, f[U(ray + 2)] * s
        low0, high0 = min(low0, x), max(high0, x)
        low1, high1 = min(low1, y), max(high1, y)
        low2, high2 = min(low2, w), max(high2, w)
        delta = max(delta, f[U(ray + 4)])
    c0, c1, c2 = 0.5 * (low0 + high0), 0.5 * (low1 + high1), 0.5 * (low2 + high2)
    r0, r1, r2 = 0.5 * (high0 - low0), 0.5 * (high1 - low1), 0.5 * (high2 - low2)
    # Roundings of the centre, the half-widths and the sums, relative to the magnitude bound.
    slack = delta + 32.0 * UNIT
    o = n[n[P_NEURON_AT] + level]
    error, weight, out = n[P_FILTER] + o, n[P_MAGNITUDE] + o, n[P_HIGH]
    second, third = maps + width, maps + 2 * width
    for i in range(width):
        a, b, c = f[U(maps + i)], f[U(second + i)], f[U(third + i)]
        v = a * c0 + b * c1 + c * c2
        m = abs(v) - (abs(a) * r0 + abs(b) * r1 + abs(c) * r2
                      + f[U(error + i)] + f[U(weight + i)] * slack)
        f[U(out + i)] = np.copysign(m, v) if m > 0.0 else 0.0


@jit
def _on_same_line(n, h, level, neuron, vertex):
    """Whether a vertex lies on an edge on the line of this neuron or of one that shares it."""
    classes, edges = n[P_CLASS] + n[n[P_NEURON_AT] + level], n[h + OFF_I]
    for k in (vertex, vertex - 1 if vertex > 0 else n[h + NRAYS] - 1):
        source = n[edges + k]
        if source >= 0 and source >> 32 == level and (
            n[classes + (source & 0xFFFFFFFF)] == n[classes + neuron]
        ):
            return True
    return False


@jit
def _examine(f, n, h, level, maps, neuron, into):
    """Values of a neuron at the vertices, written at `into`.

    Returns (has +, has -, how many are undecided); undecided ones are asked for.
    """
    width = n[n[P_WIDTH] + level]
    off = n[h + OFF_F]
    a, b, c = f[U(maps + neuron)], f[U(maps + width + neuron)], f[U(maps + 2 * width + neuron)]
    o = n[n[P_NEURON_AT] + level] + neuron
    error, weight = f[U(n[P_FILTER] + o)], f[U(n[P_MAGNITUDE] + o)]
    largest = f[U(n[P_LARGEST] + level)]
    plus, minus, unknown = False, False, 0
    for k in range(n[h + NRAYS]):
        ray = off + 5 * k
        v = a * f[U(ray)] + b * f[U(ray + 1)] + c * f[U(ray + 2)]
        rho, delta = f[U(ray + 3)], f[U(ray + 4)]
        if delta == 0.0 and largest * rho < TWO53:
            n[BY_INTEGER] += 1
        elif abs(v) > error * rho + weight * delta:
            n[BY_FLOAT] += 1
        else:
            v, decided = decide(f, n, level, maps, neuron, k, ray)
            if not decided and _on_same_line(n, h, level, neuron, k):
                v, decided = 0.0, True
            if not decided:
                unknown += 1
                if not ask(n, k, neuron):
                    return plus, minus, -1
        f[U(into + k)] = v
        plus = plus or v > 0.0
        minus = minus or v < 0.0
    return plus, minus, unknown


@jit
def _add_neuron(f, n, level, maps, neuron, source, target):
    """Write at `target` the next layer's maps at `source` plus an active neuron's share."""
    width, after = n[n[P_WIDTH] + level], n[n[P_WIDTH] + level + 1]
    weights = n[P_WEIGHTS] + n[n[P_WEIGHT_AT] + level + 1] + neuron * after
    for k in range(3):
        a = f[U(maps + k * width + neuron)]
        new, old = target + k * after, source + k * after
        for i in range(after):
            f[U(new + i)] = f[U(old + i)] + a * f[U(weights + i)]


@inlined
def _set_active(n, u, h, level, neuron):
    word = n[h + OFF_U] + n[n[P_PATTERN_AT] + level] + neuron // 64
    u[word] |= np.uint64(1) << np.uint64(neuron % 64)


@inlined
def _bit(u, word, neuron):
    return (u[word + neuron // 64] >> np.uint64(neuron % 64)) & np.uint64(1) != 0


@jit
def _find_crossing(f, n, u, h, level, maps, width, cross):
    """List the neurons of a layer that cross the polygon; clear signs stay in the sweep's output."""
    count, asked, out = 0, n[NQUERY], n[P_HIGH]
    n[BY_FLOAT] += width
    for i in range(width):
        if f[U(out + i)] != 0.0:
            continue
        if level == 0 and _bit(u, n[P_FIXED], i):
            continue
        plus, minus, unknown = _examine(f, n, h, level, maps, i, n[P_RAYS])
        if unknown < 0:
            return GROW_QUERIES, 0
        if plus and minus:
            n[U(cross + count)] = i
            count += 1
        elif unknown == 0:
            f[U(out + i)] = 1.0 if plus else -1.0
    return (QUERY_SIGNS if n[NQUERY] > asked else DONE), count


@jit
def _first_maps(f, n, u, h, level, maps, width, target):
    """Record the settled neurons in the pattern and start the next layer's maps with them."""
    out, after = n[P_HIGH], n[n[P_WIDTH] + level + 1]
    biases = n[P_BIASES] + n[n[P_NEURON_AT] + level + 1]
    pattern = n[h + OFF_U]
    for i in range(2 * after):
        f[U(target + i)] = 0.0
    for i in range(after):
        f[U(target + 2 * after + i)] = f[U(biases + i)]
    for i in range(width):
        if level == 0 and _bit(u, n[P_FIXED], i):
            if _bit(u, pattern, i):
                _add_neuron(f, n, level, maps, i, target, target)
        elif f[U(out + i)] > 0.0:
            _set_active(n, u, h, level, i)
            _add_neuron(f, n, level, maps, i, target, target)


@jit
def _cross_edge(f, n, level, maps, neuron, p, q, edge, vp, vq, o):
    """Write at `o` the zero of a neuron between two vertices of an edge: exact, or with a bound."""
    width = n[n[P_WIDTH] + level]
    rp, rq, dp, dq = f[p + 3], f[q + 3], f[p + 4], f[q + 4]
    if (exact_here(f, n, level, maps, neuron, p) and exact_here(f, n, level, maps, neuron, q)
            and integer_cut(f, 3, p, q, vp, vq, o)):
        return
    # Weights that are positive: enough to orient the cross product, and the fallback.
    ip, iq = 1.0 / rp, 1.0 / rq
    s, t = abs(vq) * iq, abs(vp) * ip
    gap = s + t
    s, t = s / gap * ip, t / gap * iq
    x0, y0, w0 = s * f[p] + t * f[q], s * f[p + 1] + t * f[q + 1], s * f[p + 2] + t * f[q + 2]
    h0, h1, h2 = f[maps + neuron], f[maps + width + neuron], f[maps + 2 * width + neuron]
    a0, a1, a2 = f[edge], f[edge + 1], f[edge + 2]
    x, y, w = a1 * h2 - a2 * h1, a2 * h0 - a0 * h2, a0 * h1 - a1 * h0
    top = max(abs(x), max(abs(y), abs(w)))
    ma = max(abs(a0), max(abs(a1), abs(a2)))
    mh = max(abs(h0), max(abs(h1), abs(h2)))
    k = n[n[P_NEURON_AT] + level] + neuron
    ea, eh = f[edge + 3], f[n[P_ROW_ERROR] + k]
    error = 2.0 * (ma * eh + mh * ea + ea * eh) + 4.0 * UNIT * ma * mh + 1e-300
    delta = (error / top + 3.0 * UNIT) * (1.0 + 1e-12) if top > 0.0 else 1.0
    size = max(abs(x0), max(abs(y0), abs(w0)))
    # The blend of nearly opposite vertices may point the wrong way, and must not orient then.
    if delta > 1e-10 or size < 1e-3:
        fine = f[n[P_FILTER] + k] * (rp * ip + rq * iq) + f[n[P_MAGNITUDE] + k] * (dp + dq)
        slack = gap - fine
        other = 1.0
        if slack > 0.0 and size > 0.0:
            other = max(dp, dq) + 2.0 * fine / slack * (1.0 + 1e-12) + 10.0 * UNIT
            other = (other / size + 2.0 * UNIT) * (1.0 + 1e-12)
        if other < delta or top <= 0.0 or other + delta > 0.1:
            x, y, w, top, delta = x0, y0, w0, size, other
    scale = 1.0 / top if top > 0.0 else 1.0
    if x * x0 + y * y0 + w * w0 < 0.0:
        scale = -scale
    f[o], f[o + 1], f[o + 2] = x * scale, y * scale, w * scale
    f[o + 3], f[o + 4] = 1.0, min(delta, 1.0)


@jit
def _write_polygon(f, n, h, side, values, points, edge_of_point, line, source, of, oi):
    """Write the part of a polygon on one side of a line; returns its number of vertices.

    `points` holds the (at most two) new vertices, on the edges in `edge_of_point`; `line` holds
    the new edge's row and `source` names it.
    """
    m, off, ids = n[h + NRAYS], n[h + OFF_F], n[h + OFF_I]
    slots = off + 5 * m
    kept = 0
    for k in range(m):
        v = f[U(values + k)] * side
        after = f[U(values + (k + 1 if k + 1 < m else 0))] * side
        if v >= 0.0:
            for j in range(5):
                f[U(of + 5 * kept + j)] = f[U(off + 5 * k + j)]
            n[U(oi + kept)] = k if v > 0.0 or after > 0.0 else -1
            kept += 1
        if (v > 0.0 and after < 0.0) or (v < 0.0 and after > 0.0):
            point = points if edge_of_point[0] == k else points + 5
            for j in range(5):
                f[U(of + 5 * kept + j)] = f[U(point + j)]
            n[U(oi + kept)] = k if v < 0.0 else -1
            kept += 1
    target = of + 5 * kept
    for k in range(kept):
        edge = n[U(oi + k)]
        row = line if edge < 0 else slots + 4 * edge
        for j in range(4):
            f[U(target + 4 * k + j)] = f[U(row + j)]
        n[U(oi + k)] = source if edge < 0 else n[U(ids + edge)]
    return kept


@jit
def _split(f, n, u, node):
    """Push both parts of the top polygon, cut by its first crossing neuron."""
    h = n[P_HEADER] + node * FIELDS
    level, m, count = n[h + LEVEL], n[h + NRAYS], n[h + NCROSS]
    maps, nxt, words = _maps_at(n, h), _next_size(n, level), n[P_PATTERN]
    width = n[n[P_WIDTH] + level]
    if n[FTOP] + 2 * (9 * (m + 2) + nxt) > f.size:
        return GROW_FLOATS
    if n[ITOP] + 2 * (m + 2 + count) > n.size:
        return GROW_INTS
    if n[UTOP] + 2 * words > u.size:
        return GROW_BITS
    if n[TOP] + 2 >= n[P_NODES]:
        return GROW_NODES
    off, cross = n[h + OFF_F], n[h + OFF_I] + m
    neuron, values = n[cross], n[P_RAYS]
    _examine(f, n, h, level, maps, neuron, values)
    points, line, found = n[P_ROWS], n[P_ROWS] + 10, 0
    edge_of_point = (-1, -1)
    for k in range(m):
        other = k + 1 if k + 1 < m else 0
        vp, vq = f[values + k], f[values + other]
        if (vp > 0.0 and vq < 0.0) or (vp < 0.0 and vq > 0.0):
            _cross_edge(f, n, level, maps, neuron, off + 5 * k, off + 5 * other,
                        off + 5 * m + 4 * k, vp, vq, points + 5 * found)
            edge_of_point = (k, edge_of_point[1]) if found == 0 else (edge_of_point[0], k)
            found += 1
    for k in range(3):
        f[line + k] = f[maps + k * width + neuron]
    f[line + 3] = f[n[P_ROW_ERROR] + n[n[P_NEURON_AT] + level] + neuron]
    rest = count - 1
    inherited = n[FTOP] - nxt
    for side in (-1.0, 1.0):
        of, oi, ou = n[FTOP], n[ITOP], n[UTOP]
        kept = _write_polygon(f, n, h, side, values, points, edge_of_point, line,
                              (level << 32) | neuron, of, oi)
        for w in range(words):
            u[ou + w] = u[n[h + OFF_U] + w]
        target = of + 9 * kept
        if nxt:
            if side > 0.0:
                _add_neuron(f, n, level, maps, neuron, inherited, target)
            else:
                for i in range(nxt):
                    f[U(target + i)] = f[U(inherited + i)]
        for y in range(rest):
            n[U(oi + kept + y)] = n[U(cross + 1 + y)]
        c = n[P_HEADER] + (n[TOP] + 1) * FIELDS
        n[c + KIND], n[c + LEVEL], n[c + DIM], n[c + NEDGES] = CELL, level, 2, -1
        n[c + NRAYS], n[c + NSLOTS], n[c + NCROSS], n[c + CURSOR] = kept, kept, rest, 0
        n[c + OFF_F], n[c + OFF_I], n[c + OFF_U] = of, oi, ou
        n[c + MAPS] = n[h + MAPS]
        n[FTOP], n[ITOP], n[UTOP] = target + nxt, oi + kept + rest, ou + words
        n[TOP] += 1
        if side > 0.0:
            _set_active(n, u, c, level, neuron)
    n[h + KIND] = SPENT
    n[NQUERY] = 0
    return DONE


@jit
def _chord(f, n, h, level, maps, neuron, values):
    """Put the two ends of a line's chord behind the row area; returns the vertices they are, or -1.

    The third entry is False when there are not just two ends.
    """
    m, off, points = n[h + NRAYS], n[h + OFF_F], n[P_ROWS]
    ends, first, second = 0, -1, -1
    for k in range(m):
        other = k + 1 if k + 1 < m else 0
        vp, vq = f[U(values + k)], f[U(values + other)]
        at = -2
        if vp == 0.0:
            at = k
        elif (vp > 0.0 and vq < 0.0) or (vp < 0.0 and vq > 0.0):
            at = -1
        if at > -2:
            if ends > 1:
                return first, second, False
            o = points + 5 * ends
            if at < 0:
                _cross_edge(f, n, level, maps, neuron, off + 5 * k, off + 5 * other,
                            off + 5 * m + 4 * k, vp, vq, o)
            else:
                for j in range(5):
                    f[o + j] = f[off + 5 * k + j]
            if ends == 0:
                first = at
            else:
                second = at
            ends += 1
    return first, second, ends == 2


@jit
def _pack(f, n, level, maps, width, cross, count):
    """Coefficients and bounds of the crossing neurons, gathered so that loops run contiguously."""
    packed, o = n[P_PACKED], n[n[P_NEURON_AT] + level]
    for x in range(count):
        i = n[U(cross + x)]
        f[U(packed + x)] = f[U(maps + i)]
        f[U(packed + count + x)] = f[U(maps + width + i)]
        f[U(packed + 2 * count + x)] = f[U(maps + 2 * width + i)]
        f[U(packed + 3 * count + x)] = f[U(n[P_FILTER] + o + i)]
        f[U(packed + 4 * count + x)] = f[U(n[P_MAGNITUDE] + o + i)]


@jit
def _end_values(f, n, h, level, maps, cross, count, x, e, vertex):
    """Values and bounds of the lines before x at one end of its chord; False when undecided."""
    o, packed = n[P_ROWS] + 5 * e, n[P_PACKED]
    value = n[P_LINES] + e * x
    bound = value + 2 * x
    rho, delta = f[U(o + 3)], f[U(o + 4)]
    exact = delta == 0.0 and f[n[P_LARGEST] + level] * rho < TWO53
    if vertex >= 0 and not exact:
        for j in range(x):
            neuron = n[cross + j]
            v, decided = decide(f, n, level, maps, neuron, vertex, n[h + OFF_F] + 5 * vertex)
            f[value + j] = v if decided else 0.0
            f[bound + j] = f[packed + 3 * count + j] * rho + f[packed + 4 * count + j] * delta
            if not decided and not _on_same_line(n, h, level, neuron, vertex):
                return False
        return True
    c0, c1, c2 = f[U(o)], f[U(o + 1)], f[U(o + 2)]
    second, third = packed + count, packed + 2 * count
    for j in range(x):
        f[U(value + j)] = (f[U(packed + j)] * c0 + f[U(second + j)] * c1 + f[U(third + j)] * c2)
    if exact:
        for j in range(x):
            f[U(bound + j)] = 0.0
        n[BY_INTEGER] += x
        return True
    if delta == 0.0 and f[n[P_LARGEST] + level] < np.inf:
        worst = 0.0
        for j in range(x):
            worst = max(worst, abs(f[packed + j] * c0) + abs(f[second + j] * c1)
                        + abs(f[third + j] * c2))
            f[bound + j] = 0.0
        if worst < TWO53:
            n[BY_INTEGER] += x
            return True
    error, weight = packed + 3 * count, packed + 4 * count
    n[BY_FLOAT] += x
    short = 0
    for j in range(x):
        b = f[U(error + j)] * rho + f[U(weight + j)] * delta
        f[U(bound + j)] = b
        short += abs(f[U(value + j)]) <= b
    return short == 0


@jit
def _pieces(f, n, h, level, maps, width, cross, count):
    """Pieces of a polygon: 1 + the pieces of every chord by the earlier lines; -1 when undecided."""
    _pack(f, n, level, maps, width, cross, count)
    total, lines, values = 2, n[P_LINES], n[P_RAYS]
    for x in range(1, count):
        if repeats(n, level, cross, x):
            continue
        _examine(f, n, h, level, maps, n[cross + x], values)
        first, second, sound = _chord(f, n, h, level, maps, n[cross + x], values)
        if not sound:
            return -1
        for e in range(2):
            vertex = first if e == 0 else second
            if not _end_values(f, n, h, level, maps, cross, count, x, e, vertex):
                return -1
        found, repeated = 0, False
        for j in range(x):
            s, t = f[U(lines + j)], f[U(lines + x + j)]
            if (s > 0.0 and t < 0.0) or (s < 0.0 and t > 0.0):
                # Crossings move to the front; no entry is read after it was overwritten.
                for k in range(4):
                    f[U(lines + k * x + found)] = f[U(lines + k * x + j)]
                found += 1
            elif s == 0.0 and t == 0.0:
                repeated = True
        if not repeated:
            found = distinct(f, n, x, found)
            if found < 0:
                return -1
            total += 1 + found
    return total


@jit
def _pop(n):
    h = n[P_HEADER] + n[TOP] * FIELDS
    n[FTOP], n[ITOP], n[UTOP] = n[h + OFF_F], n[h + OFF_I], n[h + OFF_U]
    n[TOP] -= 1


@jit
def _open(f, n, u, h):
    """Find what crosses a ROOT; then it is counted (last layer) or becomes a CELL."""
    level, m = n[h + LEVEL], n[h + NRAYS]
    width, maps, cross = n[n[P_WIDTH] + level], _maps_at(n, h), n[h + OFF_I] + m
    if cross + width > n.size:
        return GROW_INTS
    if n[FTOP] + _next_size(n, level) > f.size:
        return GROW_FLOATS
    if m + 4 > n[P_RAY_ROOM]:
        return GROW_SCRATCH
    _sweep(f, n, h, level, maps, width)
    status, count = _find_crossing(f, n, u, h, level, maps, width, cross)
    if status != DONE:
        return status
    n[h + NCROSS] = count
    if level + 1 == n[P_DEPTH]:
        pieces = n[PIECES]
        if count < 2:
            pieces = count + 1
        elif pieces == 0:
            pieces = _pieces(f, n, h, level, maps, width, cross, count)
            if pieces < 0:
                return QUERY_PIECES
        n[NQUERY], n[PIECES] = 0, 0
        n[COUNTED] += pieces
        _pop(n)
        return DONE
    target = n[FTOP]
    _first_maps(f, n, u, h, level, maps, width, target)
    n[FTOP] = target + _next_size(n, level)
    n[ITOP] = cross + count
    n[h + KIND], n[h + CURSOR] = CELL, 1
    return DONE


@jit
def _descend(n, h):
    """Make a CELL that nothing crosses any more the ROOT of the next layer, in place."""
    level, m = n[h + LEVEL], n[h + NRAYS]
    n[NQUERY] = 0
    n[h + MAPS] = n[FTOP] - _next_size(n, level)
    n[h + KIND], n[h + LEVEL] = ROOT, level + 1
    n[ITOP] = n[h + OFF_I] + m


@jit
def _settle(f, n, u, h):
    """Drop the listed neurons that do not cross a CELL, after recording their signs."""
    level, m, count = n[h + LEVEL], n[h + NRAYS], n[h + NCROSS]
    cross, maps, found = n[h + OFF_I] + m, _maps_at(n, h), n[P_HIGH]
    if m + 4 > n[P_RAY_ROOM]:
        return GROW_SCRATCH
    asked = False
    for x in range(count):
        plus, minus, unknown = _examine(f, n, h, level, maps, n[U(cross + x)], n[P_RAYS])
        if unknown < 0:
            return GROW_QUERIES
        asked = asked or unknown > 0
        f[U(found + x)] = (1.0 if plus else 0.0) + (2.0 if minus else 0.0)
    if asked:
        return QUERY_SIGNS
    nexts, kept = n[FTOP] - _next_size(n, level), 0
    for x in range(count):
        signs, neuron = f[U(found + x)], n[U(cross + x)]
        if signs == 3.0:
            n[U(cross + kept)] = neuron
            kept += 1
        elif signs == 1.0:
            _set_active(n, u, h, level, neuron)
            if level + 1 < n[P_DEPTH]:
                _add_neuron(f, n, level, maps, neuron, nexts, nexts)
    n[h + NCROSS], n[h + CURSOR] = kept, 1
    n[ITOP] = cross + kept
    return DONE


@njit(cache=True, nogil=True, error_model="numpy")
def advance(f, n, u, out_h, out_f, out_n, out_u, budget):
    """Run until the stack is empty, the budget of steps is spent, or the caller is needed.

    The output arguments are those of `cells.advance`; nothing is written to them.
    """
    for _ in range(budget):
        node = n[TOP]
        if node < 0:
            return DONE
        n[STEPS] += 1
        h = n[P_HEADER] + node * FIELDS
        kind = n[h + KIND]
        status = DONE
        if kind == SPENT:
            _pop(n)
            continue
        if kind == ROOT:
            status = _open(f, n, u, h)
            if status == DONE:
                continue
            return status
        if n[h + CURSOR] == 0:
            status = _settle(f, n, u, h)
        if status == DONE:
            if n[h + NCROSS] > 0:
                status = _split(f, n, u, node)
            else:
                _descend(n, h)
        if status != DONE:
            return status
    return DONE if n[TOP] < 0 else BUDGET
