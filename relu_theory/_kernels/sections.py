"""Pieces of a cell under its crossing neurons, from the values of these neurons at its rays alone.

Deletion and restriction: a cell has 1 piece more than the pieces of its sections by the neurons,
each section cut by the neurons before only.  The value of a neuron at a ray of a section is a
blend of its values at two old rays, so that no coordinates are needed.  Which neurons cross a
section shows without building it: on rays p, q on the two sides of neuron x, neuron j takes the
signs of v_j(p)/|v_x(p)| + v_j(q)/|v_x(q)| there, and the extremes of both terms decide.

Values below 2**25 that are exact integers need no error bounds: different quotients of such numbers
have different floats in the same order.  Other signs count only beyond a running bound; when one
is unclear the answer is UNCLEAR, and the caller visits the sections one by one.

A frame is one cell of that recursion: `F_COUNT` columns of values at `F_RAYS` rays, a bound for
each column, masks of the facets through each ray, `F_TIGHT` of them where a ray is simple.
"""

import numpy as np

from relu_theory._kernels.arithmetic import (
    U, gcd, inlined, jit, popcount, quotient_extremes, repeats,
)
from relu_theory._kernels.chords import distinct
from relu_theory._kernels.cones import adjacent
from relu_theory._kernels.layout import (
    BY_FLOAT, BY_INTEGER, DIM, DONE, FTOP, GROW_BITS, GROW_FLOATS, GROW_INTS, GROW_SCRATCH, ITOP,
    LEVEL, NCROSS, NRAYS, NSLOTS, OFF_F, OFF_I, OFF_U, P_D, P_FILTER, P_LARGEST, P_LINES,
    P_MAGNITUDE, P_NEURON_AT, P_ORDER, P_PAIRS, P_PAIR_P, P_PAIR_Q, P_WORDS, TWO53, UNIT, UTOP,
)

(F_VALUES, F_BOUNDS, F_MASKS, F_RAYS, F_COUNT, F_DIM, F_TIGHT, F_NEXT, F_EDGES, F_LIST, F_SMALL,
 F_SURE, F_END, FRAME) = range(14)
UNCLEAR, REPEATED = -100, -101
SMALL = 2.0**25
REDUCE = 2.0**20


@jit
def _list_edges(n, u, frame):
    """List the adjacent pairs of rays of a frame (once); False when there is no room."""
    if n[frame + F_EDGES] >= 0:
        return True
    rays, masks, words = n[frame + F_RAYS], n[frame + F_MASKS], n[P_WORDS]
    tight, o, found = n[frame + F_TIGHT], n[frame + F_LIST], 0
    if o + rays * (rays - 1) > n.size:
        return False
    simple = True
    for p in range(rays):
        mask = u[U(masks + p * words)]
        simple = simple and popcount(mask) == tight
        for q in range(p + 1, rays):
            # Without a branch: which pairs pass cannot be predicted.
            n[U(o + found)], n[U(o + found + 1)] = p, q
            if words == 1:
                found += 2 * (popcount(mask & u[U(masks + q)]) >= tight - 1)
            else:
                found += 2
    n[frame + F_EDGES] = found // 2
    if words > 1 or not simple:
        _drop_strangers(n, u, frame)
    return True


@jit
def _drop_strangers(n, u, frame):
    """Keep the listed pairs of rays that are adjacent."""
    o, kept = n[frame + F_LIST], 0
    for e in range(n[frame + F_EDGES]):
        p, q = n[o + 2 * e], n[o + 2 * e + 1]
        n[o + kept], n[o + kept + 1] = p, q
        kept += 2 * adjacent(
            u, n[frame + F_MASKS], n[P_WORDS], n[frame + F_RAYS], n[frame + F_TIGHT], p, q)
    n[frame + F_EDGES] = kept // 2


@jit
def _first_frame(f, n, u, h, base, frame):
    """The frame of a node whose values (rays x crossing neurons) begin at `base`."""
    level, rays, count, size = n[h + LEVEL], n[h + NRAYS], n[h + NCROSS], n[P_D] + 1
    cross, values = n[h + OFF_I] + n[h + NSLOTS], n[FTOP]
    exact, unit, worst, kept, top = True, True, 0.0, 0, 0.0
    for r in range(rays):
        ray = n[h + OFF_F] + r * (size + 2)
        rho, delta = f[ray + size], f[ray + size + 1]
        exact = exact and delta == 0.0 and f[n[P_LARGEST] + level] * rho < TWO53
        worst, unit = max(worst, delta if delta <= 1.0 else np.inf), unit and rho == 1.0
    for x in range(count):
        if repeats(n, level, cross, x):
            continue
        o = values + kept * rays
        for r in range(rays):
            v = f[U(base + r * count + x)]
            f[U(o + r)] = v
            top = max(top, abs(v))
        n[n[P_ORDER] + kept] = n[cross + x]
        kept += 1
    small = exact and top < SMALL
    n[frame + F_VALUES], n[frame + F_BOUNDS] = values, values + kept * rays
    n[frame + F_MASKS], n[frame + F_RAYS], n[frame + F_COUNT] = n[h + OFF_U], rays, kept
    n[frame + F_DIM], n[frame + F_TIGHT], n[frame + F_NEXT] = n[h + DIM], n[P_D], 1
    n[frame + F_EDGES], n[frame + F_LIST] = -1, frame + (size + 1) * FRAME
    n[frame + F_SMALL], n[frame + F_SURE], n[frame + F_END] = small, True, n[UTOP]
    if small:
        return
    o = n[n[P_NEURON_AT] + level]
    for x in range(kept):
        i = o + n[n[P_ORDER] + x]
        f[values + kept * rays + x] = (
            f[n[P_FILTER] + i] + f[n[P_MAGNITUDE] + i] * (worst + 4.0 * UNIT)
        ) * (1.0 + 1e-12)
        for r in range(0 if unit else rays):
            f[U(values + x * rays + r)] /= f[U(n[h + OFF_F] + r * (size + 2) + size)]


@jit
def _nearest(f, n, frame, x):
    """Least non-zero |v_x| on the rays (0 when a sign is not certain), and the number of zeros."""
    rays, nearest, zeros = n[frame + F_RAYS], np.inf, 0
    column = n[frame + F_VALUES] + x * rays
    for r in range(rays):
        v = abs(f[U(column + r)])
        zeros += v == 0.0
        nearest = min(nearest, v if v > 0.0 else np.inf)
    if not n[frame + F_SMALL] and (
        not nearest > 4.0 * f[n[frame + F_BOUNDS] + x] or (zeros > 0 and not n[frame + F_SURE])
    ):
        return 0.0, zeros
    return nearest, zeros


@jit
def _at_zeros(f, rays, a, b):
    """Whether b > 0, and whether b < 0, at some ray where a vanishes."""
    above, below = False, False
    for r in range(rays):
        if f[U(a + r)] == 0.0:
            above = above or f[U(b + r)] > 0.0
            below = below or f[U(b + r)] < 0.0
    return above, below


@jit
def _meeting(f, n, frame, x):
    """List the neurons before x that cross the section by x; returns their number.

    REPEATED when one of them vanishes on all of the section, UNCLEAR when a sign is.
    """
    rays, values, bounds = n[frame + F_RAYS], n[frame + F_VALUES], n[frame + F_BOUNDS]
    small, found, order = n[frame + F_SMALL], 0, n[P_ORDER]
    nearest, zeros = _nearest(f, n, frame, x)
    if nearest == 0.0:
        return UNCLEAR
    column = values + x * rays
    inverse, bound = 0.0, 0.0
    if not small:
        bound = f[bounds + x]
        inverse = (1.0 + 1e-12) / (nearest - bound)
    n[BY_INTEGER if small else BY_FLOAT] += 2 * x
    for j in range(x):
        above, below = False, False
        if zeros > 0:
            above, below = _at_zeros(f, rays, column, values + j * rays)
        a, b, c, d = quotient_extremes(f, rays, column, values + j * rays)
        up, down = a + c, b + d
        if not small:
            spread = max(abs(a), abs(b)) + max(abs(c), abs(d))
            slack = (2.0 * f[bounds + j] + spread * bound) * inverse + 8.0 * UNIT * spread
            if not (above or abs(up) > slack) or not (below or abs(down) > slack):
                return UNCLEAR
        above, below = above or up > 0.0, below or down < 0.0
        if above and below:
            n[U(order + found)] = j
            found += 1
        elif not above and not below:
            return REPEATED
    return found


@jit
def _weights(f, n, frame, vp, vq):
    """Weights of rays p, q for the point where values vp > 0 > vq vanish, and 1/(vp - vq)."""
    if n[frame + F_SMALL]:
        g = np.float64(gcd(np.int64(vp), np.int64(-vq)))
        return -vq / g, vp / g, 0.0
    inverse = 1.0 / (vp - vq)
    return -vq * inverse, vp * inverse, inverse


@jit
def _cut(f, n, frame, x, weights):
    """Rays of the section by x, as pairs of old ones; returns their number.

    A pair has the weights a, b and 1/gap at `weights`; an old ray is paired with itself.
    """
    found, edges, pp, pq = 0, n[frame + F_LIST], n[P_PAIR_P], n[P_PAIR_Q]
    column = n[frame + F_VALUES] + x * n[frame + F_RAYS]
    for r in range(n[frame + F_RAYS]):
        if f[U(column + r)] == 0.0:
            n[pp + found], n[pq + found] = r, r
            o = weights + 3 * found
            f[o], f[o + 1], f[o + 2] = 1.0, 0.0, 0.0
            found += 1
    first = found
    for e in range(n[frame + F_EDGES]):
        vp = f[U(column + n[U(edges + 2 * e)])]
        vq = f[U(column + n[U(edges + 2 * e + 1)])]
        n[U(pq + found)] = e
        found += ((vp > 0.0) & (vq < 0.0)) | ((vp < 0.0) & (vq > 0.0))
    for t in range(first, found):
        e = edges + 2 * n[U(pq + t)]
        p, q = n[U(e)], n[U(e + 1)]
        if f[U(column + p)] < 0.0:
            p, q = q, p
        n[U(pp + t)], n[U(pq + t)], o = p, q, weights + 3 * t
        f[U(o)], f[U(o + 1)], f[U(o + 2)] = _weights(
            f, n, frame, f[U(column + p)], f[U(column + q)])
    return found


@jit
def _room(f, n, u, frame):
    """DONE when any section of a frame certainly fits behind it, else which area must grow."""
    rays, count = n[frame + F_RAYS] + n[frame + F_EDGES], n[frame + F_COUNT]
    if n[frame + F_BOUNDS] + count + rays * (count + 4) > f.size:
        return GROW_FLOATS
    if n[frame + F_END] + rays * n[P_WORDS] > u.size:
        return GROW_BITS
    return GROW_SCRATCH if rays >= n[P_PAIRS] else DONE


@jit
def _blend_column(f, n, source, target, weights, rays):
    """Values of one neuron at the rays of a section; returns (largest, steepest, most distant).

    The last two are the largest difference over the gap, and the largest value blended.
    """
    pp, pq, top, steep, far = n[P_PAIR_P], n[P_PAIR_Q], 0.0, 0.0, 0.0
    for t in range(rays):
        a, b = f[U(source + n[U(pp + t)])], f[U(source + n[U(pq + t)])]
        o = weights + 3 * t
        w = f[U(o)] * a + f[U(o + 1)] * b
        f[U(target + t)] = w
        top = max(top, abs(w))
        steep = max(steep, abs(a - b) * f[U(o + 2)])
        far = max(far, abs(a), abs(b))
    return top, steep, far


@inlined
def _blended_bound(own, cut, steep, inverse, far):
    """Bound for a value blended where another one, known up to `cut`, vanishes.

    The weight is off by at most cut/(gap - 2 cut), and cut is at most an eighth of the gap.
    """
    return (own + cut * (steep + 2.0 * own * inverse) * 4.0 / 3.0 + 16.0 * UNIT * far) * (
        1.0 + 1e-12)


@jit
def _reduce_rows(f, values, rays, count):
    """Divide the values at each ray by their common divisor; returns the largest one left."""
    top = 0.0
    for r in range(rays):
        g = np.int64(0)
        for x in range(count):
            if g != 1:
                g = gcd(np.int64(abs(f[values + x * rays + r])), g)
        for x in range(count):
            if g > 1:
                f[values + x * rays + r] /= np.float64(g)
            top = max(top, abs(f[values + x * rays + r]))
    return top


@jit
def _push_section(f, n, u, frame, x, count):
    """Push the frame of the section by x with the `count` neurons listed; returns a status."""
    if not _list_edges(n, u, frame):
        return GROW_INTS
    status = _room(f, n, u, frame)
    if status != DONE:
        return status
    words, child, values = n[P_WORDS], frame + FRAME, n[frame + F_BOUNDS] + n[frame + F_COUNT]
    room = n[frame + F_RAYS] + n[frame + F_EDGES]
    weights = values + room * (count + 1)
    rays = _cut(f, n, frame, x, weights)
    bounds, masks = values + rays * count, n[frame + F_END]
    small, top, inverse = n[frame + F_SMALL], 0.0, 0.0
    for t in range(rays):
        inverse = max(inverse, f[weights + 3 * t + 2])
        for w in range(words):
            u[U(masks + t * words + w)] = (
                u[U(n[frame + F_MASKS] + n[U(n[P_PAIR_P] + t)] * words + w)]
                & u[U(n[frame + F_MASKS] + n[U(n[P_PAIR_Q] + t)] * words + w)])
    cut = 0.0 if small else f[n[frame + F_BOUNDS] + x]
    for y in range(count):
        j = n[n[P_ORDER] + y]
        high, steep, far = _blend_column(
            f, n, n[frame + F_VALUES] + j * n[frame + F_RAYS], values + y * rays, weights, rays)
        top = max(top, high)
        f[bounds + y] = 0.0
        if not small:
            f[bounds + y] = _blended_bound(f[n[frame + F_BOUNDS] + j], cut, steep, inverse, far)
    if small and top >= REDUCE:
        top = _reduce_rows(f, values, rays, count)
    n[child + F_VALUES], n[child + F_BOUNDS], n[child + F_MASKS] = values, bounds, masks
    n[child + F_RAYS], n[child + F_COUNT], n[child + F_DIM] = rays, count, n[frame + F_DIM] - 1
    n[child + F_TIGHT], n[child + F_NEXT], n[child + F_EDGES] = n[frame + F_TIGHT] - 1, 1, -1
    n[child + F_LIST] = n[frame + F_LIST] + 2 * n[frame + F_EDGES]
    n[child + F_SMALL], n[child + F_SURE] = small and top < SMALL, small
    n[child + F_END] = masks + rays * words
    return DONE


@jit
def _chord_pieces(f, n, u, frame, x):
    """Pieces of the chord that x cuts from a polygon, by the neurons before x, or what it is."""
    small, rays, width = n[frame + F_SMALL], n[frame + F_RAYS], n[frame + F_COUNT]
    lines, bounds, values = n[P_LINES], n[frame + F_BOUNDS], n[frame + F_VALUES]
    weights = bounds + width
    if _nearest(f, n, frame, x)[0] == 0.0 or _cut(f, n, frame, x, weights) != 2:
        return UNCLEAR
    n[BY_INTEGER if small else BY_FLOAT] += 2 * x
    cut, found, repeated = (0.0 if small else f[bounds + x]), 0, False
    for j in range(x):
        for e in range(2):
            p, q, o = n[n[P_PAIR_P] + e], n[n[P_PAIR_Q] + e], weights + 3 * e
            a, b = f[U(values + j * rays + p)], f[U(values + j * rays + q)]
            w, error = f[o] * a + f[o + 1] * b, 0.0
            if not small:
                error = _blended_bound(
                    f[bounds + j], cut, abs(a - b) * f[o + 2], f[o + 2], max(abs(a), abs(b)))
                if p != q and not abs(w) > error:
                    return UNCLEAR
            f[U(lines + e * x + found)], f[U(lines + (2 + e) * x + found)] = w, error
        s, t = f[U(lines + found)], f[U(lines + x + found)]
        found += (s > 0.0 and t < 0.0) or (s < 0.0 and t > 0.0)
        repeated = repeated or (s == 0.0 and t == 0.0)
    if repeated:
        return REPEATED
    found = distinct(f, n, x, found)
    return UNCLEAR if found < 0 else found + 1


@jit
def pieces_by_values(f, n, u, h, base):
    """Pieces of a node of dimension 2 or more with crossing neurons, their values at `base`.

    Returns UNCLEAR where floats leave a sign open and -status where an area is too small.
    """
    bottom = n[ITOP]
    if n[FTOP] + n[h + NCROSS] * (n[h + NRAYS] + 5) > f.size:
        return -GROW_FLOATS
    if bottom + (n[P_D] + 2) * FRAME > n.size:
        return -GROW_INTS
    _first_frame(f, n, u, h, base, bottom)
    frame, total = bottom, 2
    while frame >= bottom:
        x = n[frame + F_NEXT]
        if x == n[frame + F_COUNT]:
            frame -= FRAME
            continue
        n[frame + F_NEXT] = x + 1
        if x > 1 and n[frame + F_DIM] == 2:
            if not _list_edges(n, u, frame):
                return -GROW_INTS
            status = _room(f, n, u, frame)
            if status != DONE:
                return -status
            found = _chord_pieces(f, n, u, frame, x)
            total += max(found, 0)
        else:
            found = _meeting(f, n, frame, x)
            if found > 1:
                status = _push_section(f, n, u, frame, x, found)
                if status != DONE:
                    return -status
                frame += FRAME
                total += 2
            else:
                total += max(found + 1, 0)
        if found == UNCLEAR:
            return UNCLEAR
    return total
