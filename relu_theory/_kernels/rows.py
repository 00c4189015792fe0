"""Values of the crossing neurons at the rays of a node, with the right signs.

They are computed four neurons at a time from packed coefficients; a sign that floats leave open
sharpens the ray first and is put to the caller only then.
"""

import numpy as np

from relu_theory._kernels.arithmetic import U, ask, bound, decide, inlined, jit
from relu_theory._kernels.cones import finer, sharpen
from relu_theory._kernels.layout import (
    BY_FLOAT, BY_INTEGER, DONE, GROW_QUERIES, LEVEL, NCROSS, NEVAL, NQUERY, NRAYS, NSLOTS, OFF_F,
    OFF_I, OFF_U, P_CLASS, P_D, P_FILTER, P_LARGEST, P_LINES, P_MAGNITUDE, P_MAPS, P_MAP_SIZE,
    P_NEURON_AT, P_ORDER, P_PACKED, P_WIDTH, P_WORDS, QUERY_SIGNS, SHARP, TWO53,
)


@inlined
def maps_at(n, level):
    return n[P_MAPS] + level * n[P_MAP_SIZE]


@jit
def _on_same_plane(n, u, h, level, neuron, r):
    """Whether a ray lies on the recorded hyperplane of this neuron or of one that shares it."""
    classes, words = n[P_CLASS] + n[n[P_NEURON_AT] + level], n[P_WORDS]
    for slot in range(n[h + NSLOTS]):
        source = n[n[h + OFF_I] + slot]
        if source >= 0 and source >> 32 == level and (
            n[classes + (source & 0xFFFFFFFF)] == n[classes + neuron]
        ):
            word = u[n[h + OFF_U] + r * words + slot // 64]
            if (word >> np.uint64(slot % 64)) & np.uint64(1):
                return True
    return False


@inlined
def padded(count):
    """Packed rows have a multiple of four entries, so that four values are computed at a time."""
    return (count + 3) // 4 * 4


@jit
def pack(f, n, level, neurons, count):
    """Gather coefficients and bounds of the listed neurons, so that loops run contiguously."""
    size, width, packed = n[P_D] + 1, n[n[P_WIDTH] + level], n[P_PACKED]
    maps, o, stride = maps_at(n, level), n[n[P_NEURON_AT] + level], padded(count)
    for x in range(count):
        i = n[U(neurons + x)]
        for k in range(size):
            f[U(packed + k * stride + x)] = f[U(maps + k * width + i)]
        f[U(packed + size * stride + x)] = f[U(n[P_FILTER] + o + i)]
        f[U(packed + (size + 1) * stride + x)] = f[U(n[P_MAGNITUDE] + o + i)]
    for x in range(count, stride):
        for k in range(size + 2):
            f[packed + k * stride + x] = 0.0
        # Never an unclear sign.
        f[packed + size * stride + x] = -1.0


@jit
def evaluate(f, n, level, count, ray, out):
    """Values of the packed neurons at a ray; returns how many signs are not clear.

    Up to three entries behind the values are overwritten.
    """
    size, stride, short = n[P_D] + 1, padded(count), 0
    error, rho, delta = n[P_PACKED] + size * stride, f[U(ray + size)], f[U(ray + size + 1)]
    for x in range(0, count, 4):
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        for k in range(size):
            o, y = n[P_PACKED] + k * stride + x, f[U(ray + k)]
            a += f[U(o)] * y
            b += f[U(o + 1)] * y
            c += f[U(o + 2)] * y
            d += f[U(o + 3)] * y
        f[U(out + x)], f[U(out + x + 1)], f[U(out + x + 2)], f[U(out + x + 3)] = a, b, c, d
        o, w = error + x, error + stride + x
        short += not abs(a) > f[U(o)] * rho + f[U(w)] * delta
        short += not abs(b) > f[U(o + 1)] * rho + f[U(w + 1)] * delta
        short += not abs(c) > f[U(o + 2)] * rho + f[U(w + 2)] * delta
        short += not abs(d) > f[U(o + 3)] * rho + f[U(w + 3)] * delta
    if delta == 0.0 and f[n[P_LARGEST] + level] * rho < TWO53:
        n[BY_INTEGER] += count
        return 0
    n[BY_FLOAT] += 0 if short else count
    return short


@jit
def _decide_row(f, n, u, h, level, neurons, count, r, out, asking):
    """Values with the right signs at ray r of a node; returns how many are still open.

    Those are put to the caller when `asking`; -1 when there is no room for the question.
    """
    maps, ray, left = maps_at(n, level), n[h + OFF_F] + r * (n[P_D] + 3), 0
    for x in range(count):
        i = n[neurons + x]
        v, decided = decide(f, n, level, maps, i, r, ray)
        if not decided and _on_same_plane(n, u, h, level, i, r):
            v, decided = 0.0, True
        f[out + x] = v
        if not decided:
            if asking and not ask(n, r, i):
                return -1
            left += 1
    return left


@jit
def _fill_row(f, n, u, h, level, neurons, count, r, out):
    """Values of the packed neurons at ray r of a node, or questions to the caller."""
    ray = n[h + OFF_F] + r * (n[P_D] + 3)
    if evaluate(f, n, level, count, ray, out) == 0:
        return DONE
    if _decide_row(f, n, u, h, level, neurons, count, r, out, False) == 0:
        return DONE
    if f[ray + n[P_D] + 2] > SHARP:
        sharpen(f, n, u, h, r)
    left = _decide_row(f, n, u, h, level, neurons, count, r, out, True)
    if left < 0:
        return GROW_QUERIES
    return QUERY_SIGNS if left else DONE


@jit
def fill(f, n, u, h, level, neurons, count, base):
    """Values (rays x listed neurons) at `base` for the rays of a node that have none yet."""
    result = DONE
    pack(f, n, level, neurons, count)
    for r in range(n[h + NEVAL], n[h + NRAYS]):
        status = _fill_row(f, n, u, h, level, neurons, count, r, base + r * count)
        if status == GROW_QUERIES:
            return status
        if status != DONE:
            result = status
    if result == DONE:
        n[NQUERY] = 0
    return result


@jit
def ranges(f, n, rays, count, base):
    """Greatest and least value of each neuron over the rays, in the line area."""
    for x in range(count):
        high, low = 0.0, 0.0
        for r in range(rays):
            v = f[U(base + r * count + x)]
            high, low = max(high, v), min(low, v)
        f[U(n[P_LINES] + x)], f[U(n[P_LINES] + count + x)] = high, low


@jit
def keep_crossing(f, n, rays, count, neurons, base):
    """Drop the neurons that do not take both signs, with their values; returns how many stay."""
    high, low, order, kept = n[P_LINES], n[P_LINES] + count, n[P_ORDER], 0
    for x in range(count):
        if f[high + x] > 0.0 and f[low + x] < 0.0:
            n[U(order + kept)] = x
            kept += 1
    if kept < count:
        for r in range(rays):
            for x in range(kept):
                f[U(base + r * kept + x)] = f[U(base + r * count + n[U(order + x)])]
        for x in range(kept):
            n[U(neurons + x)] = n[U(neurons + n[U(order + x)])]
    return kept


@jit
def _refine_row(f, n, level, neurons, count, ray, row):
    """Values of the listed, packed neurons at a sharpened ray; known signs stay as they are."""
    size, fresh, maps = n[P_D] + 1, n[P_LINES], maps_at(n, level)
    evaluate(f, n, level, count, ray, fresh)
    for x in range(count):
        v, old, i = f[fresh + x], f[row + x], n[neurons + x]
        b = bound(f, n, level, i, f[ray + size], f[ray + size + 1])
        if abs(v) <= b:
            # The value has to obey the bound that cuts are made with.
            b = finer(f, n, level, maps, i, ray, b)
        if old != 0.0:
            # Below b, the value b with the known sign is off by at most b, too.
            f[row + x] = v if abs(v) > b else np.copysign(b, old)


@jit
def sharpen_all(f, n, u, h, base):
    """Recompute the inaccurate rays of a node and the values there; whether any were improved."""
    count, stride, any_improved = n[h + NCROSS], n[P_D] + 3, False
    neurons = n[h + OFF_I] + n[h + NSLOTS]
    pack(f, n, n[h + LEVEL], neurons, count)
    for r in range(n[h + NRAYS]):
        ray = n[h + OFF_F] + r * stride
        error = f[ray + stride - 1]
        if error > SHARP:
            sharpen(f, n, u, h, r)
            if f[ray + stride - 1] < error:
                _refine_row(f, n, n[h + LEVEL], neurons, count, ray, base + r * count)
                any_improved = True
    return any_improved
