"""Kernels for quadratic multiplier bounds on Lipschitz constants (l_2 to l_2).

With z = (x, v), v the outputs of the neurons that are free to have any slope in [0, 1],

    |y|^2 + sum_i 2 t_i v_i (u_i - v_i) <= rho |x|^2     for all z

proves the constant sqrt(rho). Here u = A x + B v and y = C x + E v are linear once the other
neurons are fixed on (v_i = u_i) or off (v_i = 0). For given multipliers t > 0 the least rho is the
largest eigenvalue of a Schur complement.
"""

import numpy as np
from numba import njit

FREE, OFF, ON = 0, 1, 2
UNIT = 2.0**-53
BLOCK = 48


@njit(cache=True)
def reduce_state(weights, widths, state, absolute):
    """A, B, C, E of a state, stacked: rows of free u, then of y; columns x, then free v.

    `weights` holds all matrices row by row; with `absolute` their absolute values are used, which
    bounds every rounding error.
    """
    dim, depth = widths[0], len(widths) - 2
    free = 0
    for s in state:
        if s == FREE:
            free += 1
    size, out = dim + free, widths[-1]
    result = np.zeros((free + out, size))
    values = np.zeros((dim, size))
    for i in range(dim):
        values[i, i] = 1.0
    at, neuron, seen = 0, 0, 0
    for level in range(depth + 1):
        rows, columns = widths[level + 1], widths[level]
        matrix = weights[at:at + rows * columns].reshape(rows, columns)
        if absolute:
            matrix = np.abs(matrix)
        at += rows * columns
        product = np.dot(matrix, values)
        if level == depth:
            result[free:] = product
            break
        for i in range(rows):
            if state[neuron] == FREE:
                result[seen] = product[i]
                product[i] = 0.0
                product[i, dim + seen] = 1.0
                seen += 1
            elif state[neuron] == OFF:
                product[i] = 0.0
            neuron += 1
        values = product
    return result


@njit(cache=True)
def _cholesky(matrix, size):
    """In place, lower triangle, block by block; False when a pivot is not positive."""
    for first in range(0, size, BLOCK):
        last = min(first + BLOCK, size)
        for j in range(first, last):
            pivot = matrix[j, j]
            for k in range(first, j):
                pivot -= matrix[j, k] * matrix[j, k]
            if not pivot > 0.0:
                return False
            root = np.sqrt(pivot)
            matrix[j, j] = root
            for i in range(j + 1, size):
                value = matrix[i, j]
                for k in range(first, j):
                    value -= matrix[i, k] * matrix[j, k]
                matrix[i, j] = value / root
        if last < size:
            panel = matrix[last:size, first:last].copy()
            matrix[last:size, last:size] -= np.dot(panel, panel.T)
    return True


@njit(cache=True)
def evaluate(linear, dim, t, smooth, gradient, direction, response):
    """Largest eigenvalue rho of the Schur complement, and a smoothed value; inf where none is.

    Written in place: the gradient of the smoothed value in t, the eigenvector x, and the terms
    2 t_i v_i (u_i - v_i), averaged over the eigenvectors with the weights of the smoothing.
    """
    free = len(t)
    hidden = np.empty((free, free))
    right = np.empty((free, dim))
    ce = linear[free:]
    square = np.dot(ce.T, ce)
    for i in range(free):
        for j in range(i + 1):
            hidden[i, j] = (-t[i] * linear[i, dim + j] - t[j] * linear[j, dim + i]
                            - square[dim + i, dim + j])
        hidden[i, i] += 2.0 * t[i]
        for j in range(dim):
            right[i, j] = square[dim + i, j] + t[i] * linear[i, j]
    if not _cholesky(hidden, free):
        return np.inf, np.inf
    # Forward substitution L Y = R; S = C'C + Y'Y.
    for i in range(free):
        begin = i - i % BLOCK
        if i == begin and i > 0:
            last = min(i + BLOCK, free)
            right[i:last] -= np.dot(hidden[i:last, :i].copy(), right[:i])
        for k in range(begin, i):
            factor = hidden[i, k]
            if factor != 0.0:
                for j in range(dim):
                    right[i, j] -= factor * right[k, j]
        for j in range(dim):
            right[i, j] /= hidden[i, i]
    schur = np.dot(right.T, right) + square[:dim, :dim]
    values, vectors = np.linalg.eigh(schur)
    top = values[dim - 1]
    tau = smooth * max(top, 1e-300)
    total = 0.0
    for k in range(dim):
        total += np.exp((values[k] - top) / tau)
    gradient[:] = 0.0
    response[:] = 0.0
    for k in range(dim - 1, -1, -1):
        share = np.exp((values[k] - top) / tau) / total
        if share < 1e-7:
            break
        x = vectors[:, k].copy()
        v = np.dot(right, x)
        for j in range(free - 1, -1, -1):
            v[j] /= hidden[j, j]
            for i in range(j):
                v[i] -= hidden[j, i] * v[j]
        inputs = np.dot(linear[:free], np.concatenate((x, v)))
        for i in range(free):
            u = inputs[i]
            term = 2.0 * v[i] * (u - v[i])
            gradient[i] += share * term
            response[i] += share * t[i] * term
        if k == dim - 1:
            direction[:] = x
    return top, top + tau * np.log(total)


@njit(cache=True)
def minimise(linear, dim, t, rounds, target, smooth, best_t, direction, response):
    """Lower the bound over t by limited-memory quasi-Newton steps on log t.

    Stops below `target`, or after `rounds` evaluations; returns the best rho, with its t, x and
    terms in the last three arguments.
    """
    free = len(t)
    memory = 12
    steps, changes = np.zeros((memory, free)), np.zeros((memory, free))
    rho_of = np.zeros(memory)
    stored, newest = 0, -1
    log_t = np.log(t)
    grad, x, terms = np.zeros(free), np.zeros(dim), np.zeros(free)
    best, value = evaluate(linear, dim, t, smooth, grad, x, terms)
    best_t[:] = t
    direction[:] = x
    response[:] = terms
    if not np.isfinite(best):
        return best, 1
    grad *= t
    used, stuck = 1, 0
    scale = 0.0
    new_grad = np.zeros(free)
    while used < rounds and best > target:
        step = -grad
        alphas = np.zeros(memory)
        for a in range(stored):
            k = (newest - a) % memory
            alphas[k] = rho_of[k] * np.dot(steps[k], step)
            step -= alphas[k] * changes[k]
        if stored:
            step *= scale
        else:
            step *= 0.3 / max(np.sqrt(np.dot(grad, grad)), 1e-300)
        for a in range(stored - 1, -1, -1):
            k = (newest - a) % memory
            beta = rho_of[k] * np.dot(changes[k], step)
            step += (alphas[k] - beta) * steps[k]
        slope = np.dot(step, grad)
        if not slope < 0.0:
            stored, newest = 0, -1
            step = -grad * (0.1 / max(np.sqrt(np.dot(grad, grad)), 1e-300))
            slope = np.dot(step, grad)
            if not slope < 0.0:
                break
        longest = np.max(np.abs(step))
        if longest > 2.0:
            step *= 2.0 / longest
            slope *= 2.0 / longest
        length, taken = 1.0, False
        for _ in range(12):
            trial = np.exp(np.minimum(np.maximum(log_t + length * step, -300.0), 300.0))
            top, new_value = evaluate(linear, dim, trial, smooth, new_grad, x, terms)
            used += 1
            if top < best:
                best = top
                best_t[:] = trial
                direction[:] = x
                response[:] = terms
            if new_value <= value + 1e-4 * length * slope:
                taken = True
                break
            length *= 0.35
            if used >= rounds:
                break
        if not taken:
            if stored == 0 or used >= rounds:
                break
            stored, newest = 0, -1
            continue
        new_grad *= trial
        move, change = length * step, new_grad - grad
        curvature = np.dot(move, change)
        if curvature > 1e-12 * np.dot(change, change):
            newest = (newest + 1) % memory
            stored = min(stored + 1, memory)
            steps[newest] = move
            changes[newest] = change
            rho_of[newest] = 1.0 / curvature
            scale = curvature / np.dot(change, change)
        stuck = stuck + 1 if value - new_value < 1e-7 * value else 0
        value = new_value
        log_t = log_t + move
        grad[:] = new_grad
        if stuck >= 4:
            break
    return best, used


@njit(cache=True)
def certified(linear, absolute, dim, t, rho, terms):
    """Whether the matrix inequality is proved by a Cholesky factorisation in floats.

    `absolute` bounds the entries that `linear` was computed from; its relative errors are at most
    `terms` units. After a scaling by powers of two, a shift that exceeds every rounding error is
    taken from the diagonal (Rump 2006); a factorisation that runs to its end then proves that the
    exact matrix is positive definite.
    """
    free = len(t)
    size = dim + free
    matrix = np.zeros((size, size))
    bound = np.zeros((size, size))
    ce, ca = linear[free:], absolute[free:]
    square, size_of = np.dot(ce.T, ce), np.dot(ca.T, ca)
    for i in range(size):
        for j in range(i + 1):
            value, room = -square[i, j], size_of[i, j]
            if i >= dim:
                value -= t[i - dim] * linear[i - dim, j]
                room += t[i - dim] * absolute[i - dim, j]
            if j >= dim:
                value -= t[j - dim] * linear[j - dim, i]
                room += t[j - dim] * absolute[j - dim, i]
            matrix[i, j], bound[i, j] = value, room
        if i >= dim:
            matrix[i, i] += 2.0 * t[i - dim]
            bound[i, i] += 2.0 * t[i - dim]
        else:
            matrix[i, i] += rho
            bound[i, i] += rho
    factors = np.empty(size)
    for i in range(size):
        if not (matrix[i, i] > 1e-250 and bound[i, i] < 1e250):
            return False
        factors[i] = 2.0 ** (-np.round(np.log2(matrix[i, i]) / 2.0))
    trace, widest = 0.0, 0.0
    rows = np.zeros(size)
    for i in range(size):
        for j in range(i + 1):
            matrix[i, j] *= factors[i] * factors[j]
            room = bound[i, j] * factors[i] * factors[j]
            rows[i] += room
            if i != j:
                rows[j] += room
        trace += matrix[i, i]
    widest = np.max(rows)
    shift = 2.0 * UNIT * ((terms + 2.0 * size + 20.0) * widest + (size + 4.0) * trace) + 1e-280
    for i in range(size):
        matrix[i, i] -= shift * (1.0 + UNIT)
    return _cholesky(matrix, size)
