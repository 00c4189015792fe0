"""Depth-first enumeration of the cells of a ReLU network, as a resumable machine.

A *cell* is a pointed polyhedral cone in homogeneous coordinates (x, w), w >= 0: the cone over a
region of the input space, unbounded regions included.  It is kept as its extreme rays, each with a
bit mask of the facets ("slots") through it.  The machine keeps a stack of cells, all of its state
lives in arrays, and `advance` may return at any moment with a status; calling it again goes on.

Exactness.  A sign is decided when the float value exceeds a proved bound, or when everything
involved is an integer below 2**53, so that the float arithmetic made no error.  A sign that neither
decides is put to the caller (QUERY_SIGNS, QUERY_PIECES), who answers from rational arithmetic.

A node of the stack holds, in `f`: its rays, the next layer's affine maps as far as they are known
(CELL), the values of the crossing neurons at its rays; in `n`: the identities of its slots and its
crossing neurons; in `u`: masks and pattern.
"""

import numpy as np
from numba import njit

from relu_theory._kernels.arithmetic import OPTIONS, U, bound, exact_here, inlined, jit, popcount
from relu_theory._kernels.chords import distinct
from relu_theory._kernels.cones import adjacent, cut_edge, facet_slots
from relu_theory._kernels.layout import (
    BUDGET, BY_FLOAT, CELL, CELLS, COUNT, COUNTED, CURSOR, DIM, DONE, FIELDS, FLAT,
    FREE_SLOT, FTOP,
    GROW_BITS, GROW_FLOATS, GROW_INTS, GROW_MASK, GROW_NODES, GROW_SCRATCH, ITOP, KIND, LEVEL,
    NCROSS, NEVAL, NOUT, NRAYS, NSLOTS, OFF_F, OFF_I, OFF_U, OUTPUT_FULL, OUT_F, OUT_I, OUT_U,
    PIECES, P_BIASES, P_D, P_DEPTH, P_FILTER, P_FIXED, P_HEADER, P_HIGH, P_LINES, P_MAGNITUDE,
    P_MASKS, P_MODE, P_NEURON_AT, P_NODES, P_ORDER, P_PACKED, P_PAIRS, P_PAIR_P, P_PAIR_Q,
    P_PATTERN, P_PATTERN_AT, P_RAYS, P_RAY_ROOM, P_VALUES, P_WEIGHTS, P_WEIGHT_AT, P_WIDTH, P_WORDS,
    QUERY_PIECES, ROOT, SPENT, STEPS, TOP, UNIT, UTOP,
)
from relu_theory._kernels.rows import (
    evaluate, fill, keep_crossing, maps_at, pack, padded, ranges, sharpen_all,
)
from relu_theory._kernels.sections import UNCLEAR, pieces_by_values

# Content hash of the imported kernel files: numba's cache looks only at this file.
IMPORTED = "3c515fc9d39b7e6b"


@inlined
def _next_size(n, level):
    return (n[P_D] + 1) * n[n[P_WIDTH] + level + 1] if level + 1 < n[P_DEPTH] else 0


@inlined
def _values_at(n, h):
    """Where the values (rays x crossing neurons) of a node begin."""
    o = n[h + OFF_F] + n[h + NRAYS] * (n[P_D] + 3)
    return o + (_next_size(n, n[h + LEVEL]) if n[h + KIND] == CELL else 0)


@jit
def _add_neuron(f, n, level, neuron, target):
    """Add an active neuron's share to the affine maps of the next layer (a rank-one update)."""
    width, after = n[n[P_WIDTH] + level], n[n[P_WIDTH] + level + 1]
    maps = maps_at(n, level) + neuron
    weights = n[P_WEIGHTS] + n[n[P_WEIGHT_AT] + level + 1] + neuron * after
    for k in range(n[P_D] + 1):
        a, row = f[U(maps + k * width)], target + k * after
        for i in range(after):
            f[U(row + i)] += a * f[U(weights + i)]


@inlined
def _word_of(n, h, level, neuron):
    return n[h + OFF_U] + n[h + NRAYS] * n[P_WORDS] + n[n[P_PATTERN_AT] + level] + neuron // 64


@inlined
def _set_active(n, u, h, level, neuron):
    u[_word_of(n, h, level, neuron)] |= np.uint64(1) << np.uint64(neuron % 64)


@inlined
def _is_active(n, u, h, level, neuron):
    word = u[_word_of(n, h, level, neuron)]
    return (word >> np.uint64(neuron % 64)) & np.uint64(1) != 0


@inlined
def _is_fixed(n, u, level, neuron):
    """Whether the start of the run already knows this first-layer neuron's sign."""
    if level > 0:
        return False
    return (u[n[P_FIXED] + neuron // 64] >> np.uint64(neuron % 64)) & np.uint64(1) != 0


@jit
def _sweep(f, n, h, level, width):
    """Clear signs of a layer on the box around the node's rays: +-margin, or 0 where not clear.

    With centre c and half-widths r of the box, |a.c| - |a|.r bounds |a.x| from below.
    """
    size = n[P_D] + 1
    rays, off = n[h + NRAYS], n[h + OFF_F]
    maps, out, spread = maps_at(n, level), n[P_HIGH], n[P_VALUES]
    delta = 0.0
    for r in range(rays):
        delta = max(delta, f[off + r * (size + 2) + size + 1])
    # Roundings of the centre, the half-widths and the sums, relative to the magnitude bound.
    slack = delta + 8.0 * (size + 4) * UNIT
    o = n[n[P_NEURON_AT] + level]
    error, weight = n[P_FILTER] + o, n[P_MAGNITUDE] + o
    for i in range(width):
        f[U(out + i)] = 0.0
        f[U(spread + i)] = f[U(error + i)] + f[U(weight + i)] * slack
    for k in range(size):
        low, high = np.inf, -np.inf
        for r in range(rays):
            ray = off + r * (size + 2)
            c = f[U(ray + k)]
            if f[U(ray + size)] != 1.0:
                c /= f[U(ray + size)]
            low, high = min(low, c), max(high, c)
        c, r, row = 0.5 * (low + high), 0.5 * (high - low), maps + k * width
        for i in range(width):
            f[U(out + i)] += f[U(row + i)] * c
        for i in range(width):
            f[U(spread + i)] += abs(f[U(row + i)]) * r
    for i in range(width):
        m = abs(f[U(out + i)]) - f[U(spread + i)]
        f[U(out + i)] = np.copysign(m, f[U(out + i)]) if m > 0.0 else 0.0


@jit
def _find_crossing(f, n, u, h, level, width, cross, base):
    """List the neurons of a layer that cross the node, their values at `base`.

    The other signs are left in the sweep's output.
    """
    rays, found, out = n[h + NRAYS], 0, n[P_HIGH]
    for i in range(width):
        if f[U(out + i)] == 0.0 and not _is_fixed(n, u, level, i):
            n[cross + found] = i
            found += 1
    n[BY_FLOAT] += width - found
    n[h + NEVAL] = 0
    status = fill(f, n, u, h, level, cross, found, base)
    if status != DONE:
        return status, 0
    ranges(f, n, rays, found, base)
    for x in range(found):
        f[out + n[cross + x]] = 1.0 if f[n[P_LINES] + x] > 0.0 else -1.0
    found = keep_crossing(f, n, rays, found, cross, base)
    for x in range(found):
        f[out + n[cross + x]] = 0.0
    return DONE, found


@jit
def _first_maps(f, n, u, h, level, width, target):
    """Record the settled neurons in the pattern and start the next layer's maps with them."""
    nxt, out = _next_size(n, level), n[P_HIGH]
    if nxt:
        after = n[n[P_WIDTH] + level + 1]
        biases = n[P_BIASES] + n[n[P_NEURON_AT] + level + 1]
        for i in range(nxt - after):
            f[U(target + i)] = 0.0
        for i in range(after):
            f[U(target + nxt - after + i)] = f[U(biases + i)]
    for i in range(width):
        if _is_fixed(n, u, level, i):
            if nxt and _is_active(n, u, h, level, i):
                _add_neuron(f, n, level, i, target)
        elif f[U(out + i)] > 0.0:
            _set_active(n, u, h, level, i)
            if nxt:
                _add_neuron(f, n, level, i, target)


@jit
def _open_root(f, n, u, h):
    """Turn the top node, a ROOT, into a CELL: which neurons of its layer cross it, their values."""
    level, rays, slots = n[h + LEVEL], n[h + NRAYS], n[h + NSLOTS]
    width, nxt, stride = n[n[P_WIDTH] + level], _next_size(n, level), n[P_D] + 3
    cross = n[h + OFF_I] + slots
    if n[FTOP] + nxt + rays * width + 4 > f.size:
        return GROW_FLOATS
    if cross + width > n.size:
        return GROW_INTS
    base = n[h + OFF_F] + rays * stride
    _sweep(f, n, h, level, width)
    status, count = _find_crossing(f, n, u, h, level, width, cross, base + nxt)
    if status != DONE:
        return status
    if nxt or n[P_MODE] == CELLS:
        _first_maps(f, n, u, h, level, width, base)
    n[h + KIND], n[h + NCROSS] = CELL, count
    n[h + NEVAL], n[h + CURSOR] = rays, 0
    n[FTOP], n[ITOP] = base + nxt + rays * count, cross + count
    return DONE


@jit
def _settle(f, n, u, h):
    """Evaluate the new rays of the top node and drop the neurons that no longer cross it.

    Returns (status, whether some dropped neuron vanishes on the whole node).
    """
    level, rays, count = n[h + LEVEL], n[h + NRAYS], n[h + NCROSS]
    cross, base, nxt = n[h + OFF_I] + n[h + NSLOTS], _values_at(n, h), _next_size(n, level)
    if n[h + NEVAL] < rays:
        status = fill(f, n, u, h, level, cross, count, base)
        if status != DONE:
            return status, False
    flat = False
    ranges(f, n, rays, count, base)
    for x in range(count):
        plus, minus = f[n[P_LINES] + x] > 0.0, f[n[P_LINES] + count + x] < 0.0
        flat = flat or (not plus and not minus)
        if plus and not minus and n[h + KIND] == CELL:
            _set_active(n, u, h, level, n[cross + x])
            if nxt:
                _add_neuron(f, n, level, n[cross + x], base - nxt)
    kept = keep_crossing(f, n, rays, count, cross, base)
    n[h + NCROSS], n[h + NEVAL] = kept, rays
    n[FTOP], n[ITOP] = base + rays * kept, cross + kept
    return DONE, flat


@jit
def _sign_changes(f, n, u, h, x):
    """Adjacent ray pairs (+, -) of a node for its crossing neuron x; -1 when out of room."""
    rays, found, masks, count = n[h + NRAYS], 0, n[h + OFF_U], n[h + NCROSS]
    base, pp, pq = _values_at(n, h) + x, n[P_PAIR_P], n[P_PAIR_Q]
    words, tight = n[P_WORDS], n[P_D]
    order, below = n[P_ORDER], 0
    for q in range(rays):
        n[U(order + below)] = q
        below += f[U(base + q * count)] < 0.0
    for p in range(rays):
        if not f[U(base + p * count)] > 0.0:
            continue
        mask = u[U(masks + p * words)]
        if found + below > n[P_PAIRS]:
            return -1
        first = found
        for t in range(below):
            q = n[U(order + t)]
            # Without a branch: which pairs pass cannot be predicted.
            n[U(pp + found)], n[U(pq + found)] = p, q
            common = popcount(mask & u[U(masks + q * words)]) if words == 1 else tight
            found += common >= tight - 1
        candidates, found = found, first
        for t in range(first, candidates):
            q = n[U(pq + t)]
            n[U(pq + found)] = q
            found += adjacent(u, masks, words, rays, tight, p, q)
    return found


@jit
def _copy_rays(f, n, u, h, side, x, pairs, slot):
    """Rays, masks and pattern of a child at the tops of the stack; returns how many it inherits."""
    stride, words, count = n[P_D] + 3, n[P_WORDS], n[h + NCROSS]
    base, order, of, ou = _values_at(n, h) + x, n[P_ORDER], n[FTOP], n[UTOP]
    bit, word = np.uint64(1) << np.uint64(slot % 64), slot // 64
    kept = 0
    for r in range(n[h + NRAYS]):
        v = f[U(base + r * count)]
        if v == 0.0 or v * side > 0.0:
            n[U(order + kept)] = r
            source, target = n[h + OFF_F] + r * stride, of + kept * stride
            for k in range(stride):
                f[U(target + k)] = f[U(source + k)]
            source, target = n[h + OFF_U] + r * words, ou + kept * words
            for w in range(words):
                u[U(target + w)] = u[U(source + w)]
            if v == 0.0:
                u[target + word] |= bit
            kept += 1
    source, target = n[P_RAYS], of + kept * stride
    for t in range(pairs * stride):
        f[U(target + t)] = f[U(source + t)]
    source, target = n[P_MASKS], ou + kept * words
    for t in range(pairs):
        for w in range(words):
            u[U(target + t * words + w)] = u[U(source + t * words + w)]
        u[target + t * words + word] |= bit
    source, target = n[h + OFF_U] + n[h + NRAYS] * words, ou + (kept + pairs) * words
    for w in range(n[P_PATTERN]):
        u[U(target + w)] = u[U(source + w)]
    return kept


@jit
def _copy_slots(n, u, h, source, slot, rays, dim):
    """Facet slots of a child, the new one included; frees those with too few rays for a facet."""
    words, old, oi, ou = n[P_WORDS], n[h + NSLOTS], n[ITOP], n[UTOP]
    for t in range(old):
        n[U(oi + t)] = n[U(n[h + OFF_I] + t)]
    n[oi + slot] = source
    slots = max(old, slot + 1)
    for w in range(words):
        good = facet_slots(u, ou, words, rays, w, dim)
        for r in range(rays):
            u[U(ou + r * words + w)] &= good
        for t in range(64 * w, min(64 * w + 64, slots)):
            if not (good >> np.uint64(t - 64 * w)) & np.uint64(1):
                n[U(oi + t)] = FREE_SLOT
    while n[oi + slots - 1] == FREE_SLOT:
        slots -= 1
    return slots


@inlined
def _cut_values(f, count, pairs):
    """Where the values at the scratch rays are kept until both children are written."""
    return f.size - pairs * count - 4


@jit
def _write_child(f, n, u, h, side, x, pairs, slot, fresh):
    """Push the part of a node where its crossing neuron x has the given sign (0: where it is 0)."""
    level, count = n[h + LEVEL], n[h + NCROSS]
    cross = n[h + OFF_I] + n[h + NSLOTS]
    neuron, base, order = n[cross + x], _values_at(n, h), n[P_ORDER]
    dim = n[h + DIM] - (1 if side == 0 else 0)
    kept = _copy_rays(f, n, u, h, side, x, pairs, slot)
    rays = kept + pairs
    slots = _copy_slots(n, u, h, (level << 32) | neuron, slot, rays, dim)
    of, oi, ou = n[FTOP], n[ITOP], n[UTOP]
    target = of + rays * (n[P_D] + 3)
    if side != 0:
        nxt = _next_size(n, level)
        for i in range(nxt):
            f[U(target + i)] = f[U(base - nxt + i)]
        if side > 0 and nxt:
            _add_neuron(f, n, level, neuron, target)
        target += nxt
    last = x if side == 0 else count
    crossing = 0
    for y in range(last):
        if y != x:
            n[U(oi + slots + crossing)] = n[U(cross + y)]
            crossing += 1
    for t in range(kept + fresh):
        source, y2 = base + n[U(order + t)] * count, target + t * crossing
        if t >= kept:
            source = _cut_values(f, count, pairs) + (t - kept) * count
        for y in range(last):
            if y != x:
                f[U(y2)] = f[U(source + y)]
                y2 += 1
    n[TOP] += 1
    c = n[P_HEADER] + n[TOP] * FIELDS
    n[c + KIND], n[c + LEVEL] = FLAT if side == 0 else CELL, level
    n[c + NRAYS], n[c + NSLOTS], n[c + NCROSS], n[c + NEVAL] = rays, slots, crossing, kept + fresh
    n[c + OFF_F], n[c + OFF_I], n[c + OFF_U] = of, oi, ou
    n[c + DIM], n[c + CURSOR] = dim, -1
    n[FTOP] = target + rays * crossing
    n[ITOP] = oi + slots + crossing
    n[UTOP] = ou + rays * n[P_WORDS] + n[P_PATTERN]
    if side > 0:
        _set_active(n, u, c, level, neuron)


@inlined
def _free_slot(n, h):
    for t in range(n[h + NSLOTS]):
        if n[U(n[h + OFF_I] + t)] == FREE_SLOT:
            return t
    return n[h + NSLOTS]


@jit
def _room(f, n, u, h, pairs):
    """DONE when two children of a node certainly fit, else which area must grow."""
    size = n[P_D] + 1
    rays = n[h + NRAYS] + pairs
    need = rays * (size + 2 + n[h + NCROSS]) + _next_size(n, n[h + LEVEL])
    if n[FTOP] + 2 * need + pairs * n[h + NCROSS] + 4 > f.size:
        return GROW_FLOATS
    if n[ITOP] + 2 * (n[h + NSLOTS] + 1 + n[h + NCROSS]) > n.size:
        return GROW_INTS
    if n[UTOP] + 2 * (rays * n[P_WORDS] + n[P_PATTERN]) > u.size:
        return GROW_BITS
    if n[TOP] + 2 >= n[P_NODES]:
        return GROW_NODES
    return GROW_SCRATCH if rays > n[P_RAY_ROOM] else DONE


@jit
def _values_of_cuts(f, n, h, x, pairs):
    """Evaluate the scratch rays for both children, at the end of `f`, up to an unclear sign.

    Neuron x vanishes there and does not count.  Returns how many rays were evaluated.
    """
    level, count, size = n[h + LEVEL], n[h + NCROSS], n[P_D] + 1
    pack(f, n, level, n[h + OFF_I] + n[h + NSLOTS], count)
    error, stride = n[P_PACKED] + size * padded(count) + x, padded(count)
    for t in range(pairs):
        ray, out = n[P_RAYS] + t * (size + 2), _cut_values(f, count, pairs) + t * count
        short = evaluate(f, n, level, count, ray, out)
        b = f[error] * f[ray + size] + f[error + stride] * f[ray + size + 1]
        if short > 1 or (short == 1 and abs(f[out + x]) > b):
            return t
    return pairs


@jit
def _push_children(f, n, u, node, x, flat):
    """Cut the top node by its crossing neuron x: push both halves, or only the flat between."""
    h = n[P_HEADER] + node * FIELDS
    slot = _free_slot(n, h)
    if slot >= 64 * n[P_WORDS]:
        return GROW_MASK
    pairs = _sign_changes(f, n, u, h, x)
    if pairs < 0:
        return GROW_SCRATCH
    status = _room(f, n, u, h, pairs)
    if status != DONE:
        return status
    count, base = n[h + NCROSS], _values_at(n, h) + x
    neuron = n[n[h + OFF_I] + n[h + NSLOTS] + x]
    for t in range(pairs):
        p, q = n[n[P_PAIR_P] + t], n[n[P_PAIR_Q] + t]
        cut_edge(f, n, u, n[h + LEVEL], neuron, node, p, q,
                 f[base + p * count], f[base + q * count], t)
    fresh = _values_of_cuts(f, n, h, x, pairs)
    n[h + CURSOR] = x + 1
    side = 0 if flat else -1
    while side < 2:
        _write_child(f, n, u, h, side, x, pairs, slot, fresh)
        side += 2
    if not flat:
        n[h + KIND] = SPENT
    return DONE


@jit
def _segment_pieces(f, n, h):
    """Pieces of a segment (a node of dimension 1) under its crossing neurons."""
    count, level = n[h + NCROSS], n[h + LEVEL]
    size, lines, base = n[P_D] + 1, n[P_LINES], _values_at(n, h)
    cross = n[h + OFF_I] + n[h + NSLOTS]
    for x in range(count):
        for e in range(2):
            ray = n[h + OFF_F] + e * (size + 2)
            f[lines + e * count + x] = f[base + e * count + x]
            neuron, b = n[cross + x], 0.0
            if not exact_here(f, n, level, maps_at(n, level), neuron, ray):
                b = bound(f, n, level, neuron, f[ray + size], f[ray + size + 1])
            f[lines + (2 + e) * count + x] = b
    found = distinct(f, n, count, count)
    return found if found < 0 else found + 1


@jit
def _pop(n):
    h = n[P_HEADER] + n[TOP] * FIELDS
    n[FTOP], n[ITOP], n[UTOP] = n[h + OFF_F], n[h + OFF_I], n[h + OFF_U]
    n[TOP] -= 1


@jit
def _emit(f, n, u, h, out_h, out_f, out_n, out_u):
    """Copy a finished cell (rays, slots, masks, pattern) to the output area."""
    rays, slots, count = n[h + NRAYS], n[h + NSLOTS], n[NOUT]
    nf, nu = rays * (n[P_D] + 3), rays * n[P_WORDS] + n[P_PATTERN]
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


@jit
def _descend(f, n, h):
    """Make the top cell, a leaf of its layer, the root of the next layer, in place."""
    level = n[h + LEVEL]
    rest = n[h + OFF_F] + n[h + NRAYS] * (n[P_D] + 3)
    maps = maps_at(n, level + 1)
    for i in range(_next_size(n, level)):
        f[U(maps + i)] = f[U(rest + i)]
    n[h + KIND], n[h + LEVEL] = ROOT, level + 1
    n[h + NCROSS], n[h + NEVAL], n[FTOP] = 0, 0, rest
    n[ITOP] = n[h + OFF_I] + n[h + NSLOTS]
    return DONE


@jit
def _closed_form(f, n, u, h):
    """Pieces of the top node where a formula gives them; 0 when its flats must be visited.

    Also the status: not DONE for a question to the caller, or when an area is too small.
    """
    count = n[h + NCROSS]
    if count < 2:
        return DONE, count + 1
    if n[PIECES] > 0 or n[h + CURSOR] > 0:
        return DONE, n[PIECES]
    if n[h + DIM] == 1:
        pieces = _segment_pieces(f, n, h)
        return (QUERY_PIECES, 0) if pieces < 0 else (DONE, pieces)
    pieces = UNCLEAR
    for attempt in range(2):
        if pieces == UNCLEAR and (
                attempt == 0 or sharpen_all(f, n, u, h, _values_at(n, h))):
            pieces = pieces_by_values(f, n, u, h, _values_at(n, h))
    if pieces != UNCLEAR:
        return (DONE, pieces) if pieces > 0 else (-pieces, 0)
    return (QUERY_PIECES if n[h + DIM] == 2 else DONE), 0


@njit(cache=True, **OPTIONS)
def advance(f, n, u, out_h, out_f, out_n, out_u, budget):
    """Run until the stack is empty, the budget of steps is spent, or the caller is needed."""
    for _ in range(budget):
        node = n[TOP]
        if node < 0:
            return DONE
        n[STEPS] += 1
        h = n[P_HEADER] + node * FIELDS
        kind = n[h + KIND]
        if kind == SPENT:
            _pop(n)
            continue
        if kind == ROOT:
            status = _open_root(f, n, u, h)
            if status != DONE:
                return status
            continue
        if n[h + CURSOR] < 0:
            status, repeated = _settle(f, n, u, h)
            if status != DONE:
                return status
            n[h + CURSOR] = 0
            if repeated and kind == FLAT:
                # An earlier neuron vanishes on the same flat: it was counted there.
                _pop(n)
                continue
        last = n[h + LEVEL] + 1 == n[P_DEPTH]
        counting = kind == FLAT or (last and n[P_MODE] == COUNT)
        if counting:
            status, pieces = _closed_form(f, n, u, h)
            if status != DONE:
                return status
            if pieces == 0 and n[h + CURSOR] == n[h + NCROSS]:
                pieces = 1
            if pieces > 0:
                n[PIECES] = 0
                n[COUNTED] += pieces
                _pop(n)
                continue
        if counting or n[h + NCROSS] > 0:
            status = _push_children(f, n, u, node, n[h + CURSOR] if counting else 0, counting)
        elif last:
            status = _emit(f, n, u, h, out_h, out_f, out_n, out_u)
        else:
            status = _descend(f, n, h)
        if status != DONE:
            return status
    return DONE if n[TOP] < 0 else BUDGET
