"""Counting in the plane: cells are polygons with their vertices in order.

The same machine as in `cells`, for two inputs and counts only.  A polygon is a run of records, each
a vertex (coordinates, size, error) and the row of the edge from it to the next one (coefficients,
error); slot k of a node names edge k, so that no masks and no tests of adjacency are needed.  The
affine maps of a layer are built up on the way down the search (the neurons found active on a cell
add their share to the next layer's maps), read in place, and shared by cells that add nothing.
"""

import numpy as np
from numba import njit

from relu_theory._kernels.arithmetic import (
    OPTIONS, U, ask, decide, exact_here, inlined, integer_cut, jit, repeats,
)
from relu_theory._kernels.chords import distinct
from relu_theory._kernels.layout import (
    BUDGET, BY_FLOAT, BY_INTEGER, CELL, COUNTED, CURSOR, DONE, FIELDS, FTOP, GROW_BITS,
    GROW_FLOATS, GROW_INTS, GROW_NODES, GROW_QUERIES, GROW_SCRATCH, ITOP, KIND, LEVEL, MAPS, NCROSS,
    NEXT, NQUERY, NRAYS, NSLOTS, OFF_F, OFF_I, OFF_U, P_BIASES, P_CLASS, P_DEPTH, P_FILTER,
    P_FIXED, P_HEADER, P_HIGH, P_LARGEST, P_LINES, P_MAGNITUDE, P_MAPS, P_NEURON_AT, P_NODES,
    P_ORDER, P_PACKED, P_PATTERN, P_PATTERN_AT, P_RAY_ROOM, P_RAYS, P_ROW_ERROR, P_ROWS,
    P_WEIGHT_AT, P_WEIGHTS, P_WIDTH, PIECES, QUERY_PIECES, QUERY_SIGNS, RECORD, ROOT, SPENT, STEPS,
    TOP, TWO53, UNIT, UTOP,
)

# Content hash of the imported kernel files: numba's cache looks only at this file.
IMPORTED = "3c515fc9d39b7e6b"
# Sums of products may be fused: that leaves out roundings which the error bounds allow for.
fused = njit(**OPTIONS, fastmath={"contract"}, no_cpython_wrapper=True, no_cfunc_wrapper=True)


@inlined
def _maps_at(n, h):
    return n[P_MAPS] if n[h + LEVEL] == 0 else n[h + MAPS]


@inlined
def _line(offset):
    """The next offset at which a cache line begins: maps are read and written in whole ones."""
    return (offset + 7) & ~7


@inlined
def _next_size(n, level):
    return 3 * n[n[P_WIDTH] + level + 1] if level + 1 < n[P_DEPTH] else 0


@fused
def _sweep(f, n, h, level, maps, width):
    """Clear signs of a layer on the box around the polygon: +-margin, or 0 where not clear.

    With centre c and half-widths r of the box, |a.c| - |a|.r bounds |a.x| from below.
    """
    low0 = low1 = low2 = np.inf
    high0 = high1 = high2 = -np.inf
    delta = 0.0
    off = n[h + OFF_F]
    for k in range(n[h + NRAYS]):
        ray = off + RECORD * k
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


@fused
def _sweep_four(f, n, h, level, maps, width):
    """As `_sweep`, from the values at the vertices of a polygon with at most four of them."""
    last, off = n[h + NRAYS] - 1, n[h + OFF_F]
    p, q, r, t = off, off + RECORD, off + RECORD * min(2, last), off + RECORD * last
    sp, sq, sr, st = 1.0 / f[p + 3], 1.0 / f[q + 3], 1.0 / f[r + 3], 1.0 / f[t + 3]
    p0, p1, p2 = f[p] * sp, f[p + 1] * sp, f[p + 2] * sp
    q0, q1, q2 = f[q] * sq, f[q + 1] * sq, f[q + 2] * sq
    r0, r1, r2 = f[r] * sr, f[r + 1] * sr, f[r + 2] * sr
    t0, t1, t2 = f[t] * st, f[t + 1] * st, f[t + 2] * st
    slack = max(max(f[p + 4], f[q + 4]), max(f[r + 4], f[t + 4])) + 32.0 * UNIT
    o = n[n[P_NEURON_AT] + level]
    error, weight, out = n[P_FILTER] + o, n[P_MAGNITUDE] + o, n[P_HIGH]
    second, third = maps + width, maps + 2 * width
    for i in range(width):
        a, b, c = f[U(maps + i)], f[U(second + i)], f[U(third + i)]
        vp, vq = a * p0 + b * p1 + c * p2, a * q0 + b * q1 + c * q2
        vr, vt = a * r0 + b * r1 + c * r2, a * t0 + b * t1 + c * t2
        doubt = f[U(error + i)] + f[U(weight + i)] * slack
        low = min(min(vp, vq), min(vr, vt)) - doubt
        high = max(max(vp, vq), max(vr, vt)) + doubt
        f[U(out + i)] = low if low > 0.0 else (high if high < 0.0 else 0.0)


@jit
def _extremes(f, n, h):
    """Largest size and largest error among the vertices of a polygon."""
    rho, delta, off = 0.0, 0.0, n[h + OFF_F]
    for k in range(n[h + NRAYS]):
        rho = max(rho, f[U(off + RECORD * k + 3)])
        delta = max(delta, f[U(off + RECORD * k + 4)])
    return rho, delta


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
def _examine_slowly(f, n, h, level, maps, neuron, into):
    """As `_examine`, vertex by vertex, by every means; undecided values are asked for."""
    plus, minus, unknown = False, False, 0
    for k in range(n[h + NRAYS]):
        v, decided = decide(f, n, level, maps, neuron, k, n[h + OFF_F] + RECORD * k)
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
def _examine(f, n, h, level, maps, neuron, into, rho, delta):
    """Values of a neuron at the vertices, written at `into`; rho and delta are their extremes.

    Returns (has +, has -, how many are undecided or -1 when too many).
    """
    width, m, off = n[n[P_WIDTH] + level], n[h + NRAYS], n[h + OFF_F]
    a, b, c = f[U(maps + neuron)], f[U(maps + width + neuron)], f[U(maps + 2 * width + neuron)]
    o = n[n[P_NEURON_AT] + level] + neuron
    exact = delta == 0.0 and f[U(n[P_LARGEST] + level)] * rho < TWO53
    clear = -1.0 if exact else f[U(n[P_FILTER] + o)] * rho + f[U(n[P_MAGNITUDE] + o)] * delta
    high, low, least = -np.inf, np.inf, np.inf
    for k in range(m):
        ray = off + RECORD * k
        v = a * f[U(ray)] + b * f[U(ray + 1)] + c * f[U(ray + 2)]
        f[U(into + k)] = v
        high, low, least = max(high, v), min(low, v), min(least, abs(v))
    if least > clear:
        n[BY_INTEGER if exact else BY_FLOAT] += m
        return high > 0.0, low < 0.0, 0
    return _examine_slowly(f, n, h, level, maps, neuron, into)


@fused
def _add_two(f, n, level, maps, first, second, target):
    """Add the shares of two active neurons to the next layer's maps, all coefficients at once."""
    width, after = n[n[P_WIDTH] + level], n[n[P_WIDTH] + level + 1]
    weights = n[P_WEIGHTS] + n[n[P_WEIGHT_AT] + level + 1]
    v, w = weights + first * after, weights + second * after
    y, z = maps + width, maps + 2 * width
    a0, b0, c0 = f[U(maps + first)], f[U(y + first)], f[U(z + first)]
    a1, b1, c1 = f[U(maps + second)], f[U(y + second)], f[U(z + second)]
    target_y, target_z = target + after, target + 2 * after
    for i in range(after):
        s, t = f[U(v + i)], f[U(w + i)]
        f[U(target + i)] = f[U(target + i)] + a0 * s + a1 * t
        f[U(target_y + i)] = f[U(target_y + i)] + b0 * s + b1 * t
        f[U(target_z + i)] = f[U(target_z + i)] + c0 * s + c1 * t


@fused
def _add_three(f, n, level, maps, first, second, third, target):
    """As `_add_two`, for three neurons: as many as the registers hold."""
    width, after = n[n[P_WIDTH] + level], n[n[P_WIDTH] + level + 1]
    weights = n[P_WEIGHTS] + n[n[P_WEIGHT_AT] + level + 1]
    u, v, w = weights + first * after, weights + second * after, weights + third * after
    y, z = maps + width, maps + 2 * width
    a0, b0, c0 = f[U(maps + first)], f[U(y + first)], f[U(z + first)]
    a1, b1, c1 = f[U(maps + second)], f[U(y + second)], f[U(z + second)]
    a2, b2, c2 = f[U(maps + third)], f[U(y + third)], f[U(z + third)]
    target_y, target_z = target + after, target + 2 * after
    for i in range(after):
        r, s, t = f[U(u + i)], f[U(v + i)], f[U(w + i)]
        f[U(target + i)] = f[U(target + i)] + a0 * r + a1 * s + a2 * t
        f[U(target_y + i)] = f[U(target_y + i)] + b0 * r + b1 * s + b2 * t
        f[U(target_z + i)] = f[U(target_z + i)] + c0 * r + c1 * s + c2 * t


@fused
def _add_one(f, n, level, maps, neuron, source, target):
    """Write at `target` the next layer's maps at `source` plus an active neuron's share."""
    width, after = n[n[P_WIDTH] + level], n[n[P_WIDTH] + level + 1]
    weights = n[P_WEIGHTS] + n[n[P_WEIGHT_AT] + level + 1] + neuron * after
    for k in range(3):
        a, new, old = f[U(maps + k * width + neuron)], target + k * after, source + k * after
        for i in range(after):
            f[U(new + i)] = f[U(old + i)] + a * f[U(weights + i)]


@fused
def _add_neurons(f, n, level, maps, count, target):
    """Add the shares of the first `count` neurons of the order area to the maps at `target`."""
    width, after, order = n[n[P_WIDTH] + level], n[n[P_WIDTH] + level + 1], n[P_ORDER]
    done = 0
    while count - done > 2:
        x = order + done
        _add_three(f, n, level, maps, n[x], n[x + 1], n[x + 2], target)
        done += 3
    if count - done == 2:
        _add_two(f, n, level, maps, n[order + done], n[order + done + 1], target)
    elif count - done == 1:
        # Not by _add_one: where source and target are one, its loop would not be vectorised.
        neuron = n[order + count - 1]
        weights = n[P_WEIGHTS] + n[n[P_WEIGHT_AT] + level + 1] + neuron * after
        for k in range(3):
            a, new = f[U(maps + k * width + neuron)], target + k * after
            for i in range(after):
                f[U(new + i)] += a * f[U(weights + i)]


@inlined
def _set_active(n, u, h, level, neuron):
    word = n[h + OFF_U] + n[n[P_PATTERN_AT] + level] + neuron // 64
    u[word] |= np.uint64(1) << np.uint64(neuron % 64)


@inlined
def _bit(u, word, neuron):
    return (u[word + neuron // 64] >> np.uint64(neuron % 64)) & np.uint64(1) != 0


@jit
def _find_crossing(f, n, u, h, level, maps, width, cross, values):
    """List the neurons of a layer that cross the polygon, and their values at its vertices.

    Clear signs stay in the sweep's output.
    """
    count, asked, out, m, clear = 0, n[NQUERY], n[P_HIGH], n[h + NRAYS], 0
    rho, delta = _extremes(f, n, h)
    for i in range(width):
        if f[U(out + i)] != 0.0:
            clear += 1
            continue
        if level == 0 and _bit(u, n[P_FIXED], i):
            continue
        plus, minus, unknown = _examine(f, n, h, level, maps, i, values + count * m, rho, delta)
        if unknown < 0:
            return GROW_QUERIES, 0
        if plus and minus:
            n[U(cross + count)] = i
            count += 1
        elif unknown == 0:
            f[U(out + i)] = 1.0 if plus else -1.0
    n[BY_FLOAT] += clear
    return (QUERY_SIGNS if n[NQUERY] > asked else DONE), count


@jit
def _first_maps(f, n, u, h, level, maps, width, target):
    """Record the settled neurons in the pattern and start the next layer's maps with them."""
    out, after, order = n[P_HIGH], n[n[P_WIDTH] + level + 1], n[P_ORDER]
    biases = n[P_BIASES] + n[n[P_NEURON_AT] + level + 1]
    pattern, active = n[h + OFF_U], 0
    for i in range(2 * after):
        f[U(target + i)] = 0.0
    for i in range(after):
        f[U(target + 2 * after + i)] = f[U(biases + i)]
    word = pattern + n[n[P_PATTERN_AT] + level]
    for i in range(width):
        # Half of the neurons are active, in no order: a branch would be guessed wrong.
        on = f[U(out + i)] > 0.0
        if level == 0 and _bit(u, n[P_FIXED], i):
            on = _bit(u, pattern, i)
        u[U(word + i // 64)] |= np.uint64(on) << np.uint64(i % 64)
        n[U(order + active)] = i
        active += np.int64(on)
    _add_neurons(f, n, level, maps, active, target)


@jit
def _blend(f, n, level, neuron, p, q, s, t, o):
    """Write at `o` the blend of two vertices in which a neuron vanishes, when its error is small.

    With weights s and t that sum to 1 in the units of the vertices: returns its error bound.
    """
    rp, rq, dp, dq = f[p + 3], f[q + 3], f[p + 4], f[q + 4]
    ip, iq = 1.0 / rp, 1.0 / rq
    gap = s + t
    s, t = s / gap * ip, t / gap * iq
    x, y, w = s * f[p] + t * f[q], s * f[p + 1] + t * f[q + 1], s * f[p + 2] + t * f[q + 2]
    size = max(abs(x), max(abs(y), abs(w)))
    k = n[n[P_NEURON_AT] + level] + neuron
    fine = f[n[P_FILTER] + k] * (rp * ip + rq * iq) + f[n[P_MAGNITUDE] + k] * (dp + dq)
    slack = gap - fine
    if not (slack > 0.0 and size > 0.0):
        return 1.0
    error = max(dp, dq) + 2.0 * fine / slack * (1.0 + 1e-12) + 10.0 * UNIT
    f[o], f[o + 1], f[o + 2] = x / size, y / size, w / size
    return (error / size + 2.0 * UNIT) * (1.0 + 1e-12)


@jit
def _cross_edge(f, n, level, maps, neuron, p, q, edge, vp, vq, o):
    """Write at `o` the zero of a neuron between two vertices of an edge: exact, or with a bound."""
    width, dp, dq = n[n[P_WIDTH] + level], f[p + 4], f[q + 4]
    if (dp == 0.0 and dq == 0.0 and exact_here(f, n, level, maps, neuron, p)
            and exact_here(f, n, level, maps, neuron, q)
            and integer_cut(f, 3, p, q, vp, vq, o)):
        return
    # Weights that are positive: enough to orient the cross product, and the fallback.
    rp, rq = f[p + 3], f[q + 3]
    s, t, ip, iq = abs(vq), abs(vp), 1.0, 1.0
    if rp != 1.0 or rq != 1.0:
        ip, iq = 1.0 / rp, 1.0 / rq
        s, t = s * iq, t * ip
    gap, a, b = s + t, s * ip, t * iq
    x0, y0, w0 = a * f[p] + b * f[q], a * f[p + 1] + b * f[q + 1], a * f[p + 2] + b * f[q + 2]
    h0, h1, h2 = f[maps + neuron], f[maps + width + neuron], f[maps + 2 * width + neuron]
    a0, a1, a2 = f[edge], f[edge + 1], f[edge + 2]
    x, y, w = a1 * h2 - a2 * h1, a2 * h0 - a0 * h2, a0 * h1 - a1 * h0
    top = max(abs(x), max(abs(y), abs(w)))
    ma = max(abs(a0), max(abs(a1), abs(a2)))
    mh = max(abs(h0), max(abs(h1), abs(h2)))
    ea, eh = f[edge + 3], f[n[P_ROW_ERROR] + n[n[P_NEURON_AT] + level] + neuron]
    error = 2.0 * (ma * eh + mh * ea + ea * eh) + 4.0 * UNIT * ma * mh + 1e-300
    scale = 1.0 / top if top > 0.0 else 0.0
    delta = (error * scale + 4.0 * UNIT) * (1.0 + 1e-12) if top > 0.0 else 1.0
    size = max(abs(x0), max(abs(y0), abs(w0)))
    f[o + 3] = 1.0
    # The blend of nearly opposite or inaccurate vertices may point the wrong way (or be NaN), and
    # must not orient then.
    if delta > 1e-10 or not size >= 1e-3 * gap or max(dp, dq) > 1e-5:
        other = _blend(f, n, level, neuron, p, q, s, t, o)
        if other < delta or not scale > 0.0 or other + delta > 0.1:
            f[o + 4] = other
            if not other < 0.25:
                # Lost: any ray is within 1 of the zero vector.
                f[o], f[o + 1], f[o + 2], f[o + 4] = 0.0, 0.0, 0.0, 1.0
            return
    if x * x0 + y * y0 + w * w0 < 0.0:
        scale = -scale
    f[o], f[o + 1], f[o + 2], f[o + 4] = x * scale, y * scale, w * scale, delta


@jit
def _write_polygon(f, n, h, side, values, points, edge_of_point, line, source, of, oi):
    """Write the part of a polygon on one side of a line; returns its number of vertices.

    `points` holds the (at most two) new vertices, on the edges in `edge_of_point`; `line` holds
    the new edge's row and `source` names it.
    """
    m, off, ids = n[h + NRAYS], n[h + OFF_F], n[h + OFF_I]
    kept, v = 0, f[U(values)] * side
    for k in range(m):
        after = f[U(values + (k + 1 if k + 1 < m else 0))] * side
        record, target = off + RECORD * k, of + RECORD * kept
        if v >= 0.0:
            for j in range(RECORD):
                f[U(target + j)] = f[U(record + j)]
            n[U(oi + kept)] = n[U(ids + k)]
            if v == 0.0 and after <= 0.0:
                n[U(oi + kept)] = source
                for j in range(4):
                    f[U(target + 5 + j)] = f[U(line + j)]
            kept, target = kept + 1, target + RECORD
        if (v > 0.0 and after < 0.0) or (v < 0.0 and after > 0.0):
            point = points if edge_of_point[0] == k else points + 5
            row = line if v > 0.0 else record + 5
            for j in range(5):
                f[U(target + j)] = f[U(point + j)]
            for j in range(4):
                f[U(target + 5 + j)] = f[U(row + j)]
            n[U(oi + kept)] = source if v > 0.0 else n[U(ids + k)]
            kept += 1
        v = after
    return kept


@jit
def _write_part(f, n, h, points, first, second, inner, line, source, of, oi):
    """As `_write_polygon` for a line that meets the interiors of edges `first` and `second`.

    The inner part has the vertices behind edge `first` up to the start of edge `second`.
    """
    m, off, ids = n[h + NRAYS], n[h + OFF_F], n[h + OFF_I]
    at = 0 if inner else first + 1
    begin, end = (first + 1, second + 1) if inner else (second + 1, m)
    one, two = (of, of + RECORD * (second - first + 1)) if inner else (
        of + RECORD * (first + 1), of + RECORD * (first + 2))
    for j in range(RECORD * at):
        f[U(of + j)] = f[U(off + j)]
    for k in range(at):
        n[U(oi + k)] = n[U(ids + k)]
    for j in range(5):
        f[U(one + j)] = f[U(points + j)]
        f[U(two + j)] = f[U(points + 5 + j)]
    behind_one, behind_two = (off + RECORD * first + 5, line) if inner else (
        line, off + RECORD * second + 5)
    for j in range(4):
        f[U(one + 5 + j)] = f[U(behind_one + j)]
        f[U(two + 5 + j)] = f[U(behind_two + j)]
    target = one + RECORD if inner else two + RECORD
    origin = off + RECORD * begin
    for j in range(RECORD * (end - begin)):
        f[U(target + j)] = f[U(origin + j)]
    if inner:
        n[oi], n[oi + second - first + 1] = n[ids + first], source
        oi += 1
    else:
        n[oi + at], n[oi + at + 1] = source, n[ids + second]
        oi += at + 2
    for k in range(end - begin):
        n[U(oi + k)] = n[U(ids + begin + k)]
    return end - begin + at + 2


@jit
def _room(f, n, u, h, level):
    """DONE when two children of a polygon certainly fit, else which area must grow."""
    m, words = n[h + NRAYS], n[P_PATTERN]
    if n[FTOP] + 2 * (RECORD * (m + 2) + _next_size(n, level) + 8) > f.size:
        return GROW_FLOATS
    if n[ITOP] + 2 * (m + 2 + n[h + NCROSS]) > n.size:
        return GROW_INTS
    if n[UTOP] + 2 * words > u.size:
        return GROW_BITS
    return GROW_NODES if n[TOP] + 2 >= n[P_NODES] else DONE


@jit
def _cut_points(f, n, h, level, maps, neuron, values, points):
    """Write the crossings of a line with the edges at `points`; returns the edges they are on."""
    m, off, first, second = n[h + NRAYS], n[h + OFF_F], -1, -1
    for k in range(m):
        other = k + 1 if k + 1 < m else 0
        vp, vq = f[U(values + k)], f[U(values + other)]
        if (vp > 0.0 and vq < 0.0) or (vp < 0.0 and vq > 0.0):
            _cross_edge(f, n, level, maps, neuron, off + RECORD * k, off + RECORD * other,
                        off + RECORD * k + 5, vp, vq, points if first < 0 else points + 5)
            if first < 0:
                first = k
            else:
                second = k
    return first, second


@jit
def _push_part(f, n, u, h, level, maps, neuron, side, values, edges):
    """Push the part of a polygon on one side of its first crossing neuron."""
    line, rest, words, nxt = n[P_ROWS] + 10, n[h + NCROSS] - 1, n[P_PATTERN], _next_size(n, level)
    of, oi, ou, cross = n[FTOP], n[ITOP], n[UTOP], n[h + OFF_I] + n[h + NRAYS]
    source = (level << 32) | neuron
    if edges[1] >= 0:
        inner = (f[U(values + edges[1])] > 0.0) == (side > 0.0)
        kept = _write_part(f, n, h, n[P_ROWS], edges[0], edges[1], inner, line, source, of, oi)
    else:
        kept = _write_polygon(f, n, h, side, values, n[P_ROWS], edges, line, source, of, oi)
    for w in range(words):
        u[U(ou + w)] = u[U(n[h + OFF_U] + w)]
    for y in range(rest):
        n[U(oi + kept + y)] = n[U(cross + 1 + y)]
    n[TOP] += 1
    c = n[P_HEADER] + n[TOP] * FIELDS
    n[c + KIND], n[c + LEVEL] = CELL, level
    n[c + NRAYS], n[c + NSLOTS], n[c + NCROSS], n[c + CURSOR] = kept, kept, rest, 0
    n[c + OFF_F], n[c + OFF_I], n[c + OFF_U] = of, oi, ou
    n[c + MAPS], n[c + NEXT] = n[h + MAPS], n[h + NEXT]
    n[FTOP], n[ITOP], n[UTOP] = _line(of + RECORD * kept), oi + kept + rest, ou + words
    if side > 0.0:
        _set_active(n, u, c, level, neuron)
        if nxt:
            _add_one(f, n, level, maps, neuron, n[h + NEXT], n[FTOP])
            n[c + NEXT] = n[FTOP]
            n[FTOP] += nxt
    if rest == 0:
        _descend(n, c)


@jit
def _split(f, n, u, node, values):
    """Push both parts of the top polygon, cut by its first crossing neuron.

    `values` holds that neuron's values at the vertices (negative when they are not at hand).
    """
    h = n[P_HEADER] + node * FIELDS
    level, maps = n[h + LEVEL], _maps_at(n, h)
    status = _room(f, n, u, h, level)
    if status != DONE:
        return status
    neuron, line = n[n[h + OFF_I] + n[h + NRAYS]], n[P_ROWS] + 10
    if values < 0:
        values = n[P_RAYS]
        rho, delta = _extremes(f, n, h)
        _examine(f, n, h, level, maps, neuron, values, rho, delta)
    edges = _cut_points(f, n, h, level, maps, neuron, values, n[P_ROWS])
    for k in range(3):
        f[line + k] = f[maps + k * n[n[P_WIDTH] + level] + neuron]
    f[line + 3] = f[n[P_ROW_ERROR] + n[n[P_NEURON_AT] + level] + neuron]
    _push_part(f, n, u, h, level, maps, neuron, -1.0, values, edges)
    _push_part(f, n, u, h, level, maps, neuron, 1.0, values, edges)
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
                _cross_edge(f, n, level, maps, neuron, off + RECORD * k, off + RECORD * other,
                            off + RECORD * k + 5, vp, vq, o)
            else:
                for j in range(5):
                    f[o + j] = f[off + RECORD * k + j]
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
            v, decided = decide(f, n, level, maps, neuron, vertex, n[h + OFF_F] + RECORD * vertex)
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
def _pieces(f, n, h, level, maps, width, cross, count, values):
    """Pieces of a polygon: 1 + the pieces of each chord by the earlier lines; -1 when undecided."""
    _pack(f, n, level, maps, width, cross, count)
    total, lines = 2, n[P_LINES]
    for x in range(1, count):
        if repeats(n, level, cross, x):
            continue
        first, second, sound = _chord(
            f, n, h, level, maps, n[cross + x], values + x * n[h + NRAYS])
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


@inlined
def _pop(n):
    h = n[P_HEADER] + n[TOP] * FIELDS
    n[FTOP], n[ITOP], n[UTOP] = n[h + OFF_F], n[h + OFF_I], n[h + OFF_U]
    n[TOP] -= 1


@jit
def _count_last(f, n, h, level, maps, width, cross, count, values):
    """Add the pieces of a polygon under the last layer and drop it."""
    pieces = n[PIECES]
    if count < 2:
        pieces = count + 1
    elif pieces == 0:
        pieces = _pieces(f, n, h, level, maps, width, cross, count, values)
        if pieces < 0:
            return QUERY_PIECES
    n[NQUERY], n[PIECES] = 0, 0
    n[COUNTED] += pieces
    _pop(n)
    return DONE


@jit
def _open(f, n, u, node):
    """Find what crosses a ROOT; then it is counted (last layer), cut, or handed on."""
    h = n[P_HEADER] + node * FIELDS
    level, m = n[h + LEVEL], n[h + NRAYS]
    width, maps, cross = n[n[P_WIDTH] + level], _maps_at(n, h), n[h + OFF_I] + m
    nexts = _line(n[FTOP])
    values = nexts + _next_size(n, level)
    if cross + width > n.size:
        return GROW_INTS
    if values + (width + 1) * m > f.size:
        return GROW_FLOATS
    if m + 4 > n[P_RAY_ROOM]:
        return GROW_SCRATCH
    if m > 4:
        _sweep(f, n, h, level, maps, width)
    else:
        _sweep_four(f, n, h, level, maps, width)
    status, count = _find_crossing(f, n, u, h, level, maps, width, cross, values)
    if status != DONE:
        return status
    n[h + NCROSS] = count
    if level + 1 == n[P_DEPTH]:
        return _count_last(f, n, h, level, maps, width, cross, count, values)
    n[h + NEXT] = nexts
    _first_maps(f, n, u, h, level, maps, width, nexts)
    n[FTOP], n[ITOP] = values, cross + count
    n[h + KIND], n[h + CURSOR] = CELL, 1
    if count == 0:
        _descend(n, h)
        return DONE
    return _split_first(f, n, u, node, values)


@jit
def _split_first(f, n, u, node, values):
    """Cut a polygon whose values lie just above the stack."""
    m = n[n[P_HEADER] + node * FIELDS + NRAYS]
    kept = n[P_RAYS]
    for k in range(m):
        f[kept + k] = f[values + k]
    return _split(f, n, u, node, kept)


@jit
def _descend(n, h):
    """Make a CELL that nothing crosses any more the ROOT of the next layer, in place."""
    n[NQUERY] = 0
    n[h + MAPS], n[h + KIND] = n[h + NEXT], ROOT
    n[h + LEVEL] += 1
    n[ITOP] = n[h + OFF_I] + n[h + NRAYS]


@jit
def _examine_all(f, n, h, level, maps, count, cross, first):
    """Signs of the listed neurons on a CELL, kept in the high area: 1 for +, 2 for -, or both.

    Values of the first that crosses it are left at `first`.  Returns (status, whether one does).
    """
    rho, delta = _extremes(f, n, h)
    asked, into, found = False, first, n[P_HIGH]
    for x in range(count):
        plus, minus, unknown = _examine(
            f, n, h, level, maps, n[U(cross + x)], into, rho, delta)
        if unknown < 0:
            return GROW_QUERIES, False
        asked = asked or unknown > 0
        if plus and minus:
            into = first + n[P_RAY_ROOM]
        f[U(found + x)] = (1.0 if plus else 0.0) + (2.0 if minus else 0.0)
    return (QUERY_SIGNS if asked else DONE), into != first


@jit
def _settle(f, n, u, h):
    """Drop the listed neurons that do not cross a CELL, after recording their signs."""
    level, m, count = n[h + LEVEL], n[h + NRAYS], n[h + NCROSS]
    cross, maps, found, nxt = n[h + OFF_I] + m, _maps_at(n, h), n[P_HIGH], _next_size(n, level)
    if m + 4 > n[P_RAY_ROOM]:
        return GROW_SCRATCH, -1
    if n[FTOP] + nxt > f.size:
        return GROW_FLOATS, -1
    status, crossed = _examine_all(f, n, h, level, maps, count, cross, n[P_RAYS])
    if status != DONE:
        return status, -1
    kept, active = 0, 0
    for x in range(count):
        signs, neuron = f[U(found + x)], n[U(cross + x)]
        if signs == 3.0:
            n[U(cross + kept)] = neuron
            kept += 1
        elif signs == 1.0:
            _set_active(n, u, h, level, neuron)
            n[U(n[P_ORDER] + active)] = neuron
            active += 1
    if active and nxt:
        source, target = n[h + NEXT], n[FTOP]
        if source < n[h + OFF_F]:
            for i in range(nxt):
                f[U(target + i)] = f[U(source + i)]
            n[h + NEXT], n[FTOP] = target, target + nxt
        _add_neurons(f, n, level, maps, active, n[h + NEXT])
    n[h + NCROSS], n[h + CURSOR] = kept, 1
    n[ITOP] = cross + kept
    return DONE, (n[P_RAYS] if crossed else -1)


@njit(cache=True, **OPTIONS)
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
        status, values = DONE, -1
        if n[h + KIND] == SPENT:
            _pop(n)
        elif n[h + KIND] == ROOT:
            status = _open(f, n, u, node)
        else:
            if n[h + CURSOR] == 0:
                status, values = _settle(f, n, u, h)
            if status == DONE:
                if n[h + NCROSS] > 0:
                    status = _split(f, n, u, node, values)
                else:
                    _descend(n, h)
        if status != DONE:
            return status
    return DONE if n[TOP] < 0 else BUDGET
