"""Kernels that ask whether some inputs switch given neurons as required: a relaxation and its LP.

The variables are x and the outputs v of the neurons that are not fixed, all of them in a box. Rows
(G, g) mean G z + g >= 0. Neurons of the last hidden layer that are not fixed restrict nothing: they
have neither variables nor rows.
"""

import numpy as np
from numba import njit

FREE, OFF, ON = 0, 1, 2
FEASIBLE, INFEASIBLE, STOPPED = 1, 0, -1


@njit(cache=True)
def relaxation(weights, biases, widths, state, low, high, absolute):
    """Rows (m, d + free + 1), constants last, of the triangle relaxation of a state.

    `low` and `high` bound the pre-activations. A fixed neuron gives one row, a free one before the
    last layer two. With `absolute`, the same rows in absolute values.
    """
    dim, depth, total = widths[0], len(widths) - 2, len(state)
    free, fixed = 0, 0
    for k in range(total):
        if state[k] != FREE:
            fixed += 1
        elif k < total - widths[depth]:
            free += 1
    size = dim + free + 1
    rows = np.zeros((fixed + 2 * free, size))
    values = np.zeros((dim, size))
    for i in range(dim):
        values[i, i] = 1.0
    at, neuron, seen, row = 0, 0, 0, 0
    sign = 1.0 if absolute else -1.0
    for level in range(depth):
        count, columns = widths[level + 1], widths[level]
        matrix = weights[at:at + count * columns].reshape(count, columns)
        if absolute:
            matrix = np.abs(matrix)
        at += count * columns
        product = np.dot(matrix, values)
        for i in range(count):
            bias = biases[neuron]
            product[i, size - 1] += abs(bias) if absolute else bias
            if state[neuron] == ON:
                rows[row] = product[i]
                row += 1
            elif state[neuron] == OFF:
                rows[row] = sign * product[i]
                row += 1
                product[i] = 0.0
            elif level < depth - 1:
                rows[row] = sign * product[i]
                rows[row, dim + seen] += 1.0
                row += 1
                slope = high[neuron] / (high[neuron] - low[neuron])
                rows[row] = slope * product[i]
                rows[row, size - 1] += sign * slope * low[neuron] * (-1.0 if absolute else 1.0)
                rows[row, dim + seen] += sign
                row += 1
                product[i] = 0.0
                product[i, dim + seen] = 1.0
                seen += 1
            neuron += 1
        values = product
    return rows


@njit(cache=True)
def largest_slack(rows, low, high, most, enough):
    """Maximise s with G z + g >= s for every row and z in a box, by a dictionary simplex method.

    Stops when s exceeds `enough`.

    Returns status, s, z and multipliers y >= 0 of the rows. With sum(y) = 1 the largest value of
    y (G z + g) over the box bounds s, whatever this search has done: the caller verifies that.
    """
    count, size = rows.shape[0], rows.shape[1] - 1
    # Row k < count: slack of row k; then z_j <= high_j. Columns: z_j - low_j, then s - s0, then 1.
    table = np.zeros((count + size, size + 2))
    worst = np.inf
    for k in range(count):
        value = rows[k, size]
        for j in range(size):
            table[k, j] = rows[k, j]
            value += rows[k, j] * low[j]
        table[k, size] = -1.0
        table[k, size + 1] = value
        worst = min(worst, value)
    for k in range(count):
        table[k, size + 1] -= worst
    for j in range(size):
        table[count + j, j] = -1.0
        table[count + j, size + 1] = high[j] - low[j]
    cost = np.zeros(size + 2)
    cost[size] = 1.0
    cost[size + 1] = worst
    basic = np.arange(size + 1, size + 1 + count + size)
    other = np.arange(size + 1)
    status = STOPPED
    for turn in range(most):
        enter = -1
        if cost[size + 1] > enough:
            status = FEASIBLE
            break
        top = 1e-10
        for j in range(size + 1):
            if cost[j] > top:
                enter = j
                if turn > most // 2:
                    break
                top = cost[j]
        if enter < 0:
            status = FEASIBLE if cost[size + 1] > 0.0 else INFEASIBLE
            break
        leave, least = -1, np.inf
        for k in range(count + size):
            if table[k, enter] < -1e-10:
                ratio = table[k, size + 1] / -table[k, enter]
                if ratio < least - 1e-13 or (ratio < least + 1e-13 and leave >= 0
                                             and table[k, enter] < table[leave, enter]):
                    leave, least = k, ratio
        if leave < 0:
            break
        pivot = table[leave, enter]
        for j in range(size + 2):
            table[leave, j] /= -pivot
        table[leave, enter] = 1.0 / pivot
        for k in range(count + size):
            if k != leave:
                factor = table[k, enter]
                if factor != 0.0:
                    table[k, enter] = 0.0
                    for j in range(size + 2):
                        table[k, j] += factor * table[leave, j]
        factor = cost[enter]
        cost[enter] = 0.0
        for j in range(size + 2):
            cost[j] += factor * table[leave, j]
        basic[leave], other[enter] = other[enter], basic[leave]
    point = low.copy()
    for k in range(count + size):
        if basic[k] < size:
            point[basic[k]] += table[k, size + 1]
    multipliers = np.zeros(count)
    for j in range(size + 1):
        index = other[j] - size - 1
        if 0 <= index < count:
            multipliers[index] = max(0.0, -cost[j])
    return status, cost[size + 1], point, multipliers


@njit(cache=True)
def switches(weights, biases, widths, x):
    """For each neuron 2 where it is on at x, else 1."""
    result = np.empty(len(biases), np.int64)
    values, at, neuron = x, 0, 0
    for level in range(len(widths) - 2):
        count, columns = widths[level + 1], widths[level]
        matrix = weights[at:at + count * columns].reshape(count, columns)
        at += count * columns
        product = np.dot(matrix, values)
        for i in range(count):
            product[i] += biases[neuron]
            result[neuron] = ON if product[i] > 0.0 else OFF
            product[i] = max(product[i], 0.0)
            neuron += 1
        values = product
    return result


@njit(cache=True)
def probe(weights, biases, widths, state, low, high, given, ends, order, start, seen, points, most):
    """Ask whether the free neurons in `order` can be switched either way, given the fixed ones.

    `given` holds further rows (a, b) with a . x + b >= 0, `ends` the box of x. What `seen`,
    (neurons, 2), has for off and on is not asked. Points of the relaxation that obey the state in
    truth are stored in `points`, and mark what they show as seen. Stops when the relaxation
    excludes a switch; returns the position in `order` (its length when none is left), that switch
    (or 0), and how many points were stored.
    """
    dim, total = widths[0], len(state)
    before = total - widths[len(widths) - 2]
    stored = 0
    trial = state.copy()
    for k in range(start, len(order)):
        neuron = order[k]
        for switch in (OFF, ON):
            if seen[neuron, switch - 1]:
                continue
            trial[neuron] = switch
            rows = relaxation(weights, biases, widths, trial, low, high, False)
            size = rows.shape[1] - 1
            least, most_of = np.zeros(size), np.empty(size)
            least[:dim], most_of[:dim] = ends[0], ends[1]
            at = dim
            for i in range(before):
                if trial[i] == FREE:
                    most_of[at] = high[i]
                    at += 1
            trial[neuron] = FREE
            table = np.zeros((len(rows) + len(given), size + 1))
            table[:len(rows)] = rows
            for i in range(len(given)):
                table[len(rows) + i, :dim] = given[i, :dim]
                table[len(rows) + i, size] = given[i, dim]
            for i in range(len(table)):
                scale = np.max(np.abs(table[i, :size]))
                if scale == 0.0:
                    scale = max(abs(table[i, size]), 1e-300)
                table[i] /= scale
            status, slack, z, _ = largest_slack(table, least, most_of, most, 0.0)
            if status == INFEASIBLE and slack < 0.0:
                return k, switch, stored
            seen[neuron, switch - 1] = True
            x = np.minimum(np.maximum(z[:dim], ends[0]), ends[1])
            shown = switches(weights, biases, widths, x)
            agrees = True
            for i in range(total):
                if state[i] != FREE and state[i] != shown[i]:
                    agrees = False
                    break
            if agrees and stored < len(points):
                points[stored] = x
                stored += 1
                for i in range(total):
                    seen[i, shown[i] - 1] = True
    return len(order), 0, stored
