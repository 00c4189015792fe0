# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The sparsest network through your data
#
# Many networks interpolate the same points. Which of them is the simplest? Take "simplest" at its
# word, as the smallest number of neurons, and the question has an exact answer: in one variable in
# linear time, in several variables for tiny data with a proof. Then one can ask what penalties and
# training make of it.

# %%
from fractions import Fraction
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import relu_theory as rt
from relu_theory import sparse
from relu_theory.cpwl import CPWL

x, y = [-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0]
polygon = CPWL.from_points(x, y)
best = sparse.interpolate(x, y)
print("the polygon through the points has knots at ", *polygon.knots)
print("the sparsest interpolant has knots at       ", *best.knots)
assert [best.function(t) for t in x] == y
assert (len(polygon.knots), best.count) == (4, 3)

# %% [markdown]
# ## Neurons are knots
#
# In one variable a network with one hidden layer and a free linear term,
#
# $$f(x)=\sum_{k=1}^K v_k\,(w_kx+b_k)_+ + ax+c,$$
#
# is a continuous piecewise linear function, and each neuron makes at most one knot. So the fewest
# neurons are the fewest knots. The polygon has one wherever three neighbouring points are not on a
# line. It can be beaten: where two neighbouring points have the same curvature, one knot between
# them does the work of two.
#
# **Theorem** (Debarre et al. 2022). Cut the points into maximal runs of consecutive points with the
# same nonzero curvature; a run of $n$ points needs exactly $\lceil n/2\rceil$ knots.
#
# Here: a run of one (at $-1$), a run of two (at 0 and 1), a run of one (at 2), so $1+1+1=3$.

# %%
turns = [np.sign(b - 2 * a + c) for c, a, b in zip(y, y[1:], y[2:], strict=False)]
runs = []
for before, sign in pairwise([0, *turns]):
    if sign and sign == before:
        runs[-1] += 1
    elif sign:
        runs.append(1)
needed = sum(-(-n // 2) for n in runs)
print("runs of equal curvature:", runs, " knots needed:", needed)
assert needed == best.count

# %% [markdown]
# The answer is seldom unique. `family` describes all solutions: the places that each knot may take,
# and random members of the set. Some pieces turn while others move, which is why a picture says
# more than a formula.

# %%
family, rng = best.family, np.random.default_rng(1)
members = [family.sample(rng) for _ in range(12)]
grid = np.linspace(-2.5, 3.5, 400)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained", sharey=True)
for ax, functions, title in ((left, [polygon], "the polygon: 4 knots"),
                             (right, [*members, best.function], "sparsest: 3 knots, a family")):
    for f in functions:
        main = f in (polygon, best.function)
        ax.plot(grid, f.sample(grid), color="#0072B2" if main else "#999999",
                linewidth=2 if main else 0.7, zorder=2 if main else 1)
        if main:
            ax.plot([float(t) for t in f.knots], f.sample([float(t) for t in f.knots]), "|",
                    color="#D55E00", markersize=16, markeredgewidth=2, zorder=5)
    ax.plot(x, y, "o", color="black", markersize=5, zorder=4)
    ax.set(title=title, xlabel="x", ylim=(-1.5, 2.6))
plt.show()
print("knots may lie in", *(f"[{places[0].lower}, {places[-1].upper}]" for places in family.knots))
for f in members:
    assert [f(t) for t in x] == y
    assert len(f.knots) == 3
    assert family.contains(f)
assert not family.contains(polygon)

# %% [markdown]
# ## A penalty in its place
#
# Nobody minimises a number of neurons by gradient descent. Weight decay on $v_k$ and $w_k$ amounts
# to the penalty $\sum_k|v_kw_k|$, and for $0<p<1$ one may take
#
# $$V_p(f)=\sum_k|v_kw_k|^p=\sum_{\text{knots}}|\text{change of slope}|^p .$$
#
# For $p=1$ the polygon is a minimiser: it is as good as anything, and sparsity is not seen.
# **Theorem** (Nakhleh and Nowak 2025, Theorem 3.2): below a threshold $p^*>0$, which depends on the
# data, every minimiser of $V_p$ has the fewest knots. How small must $p$ be? For data with slopes
# that change by $1/10,1,1,1/10$ there are two candidates, and their costs cross once.

# %%
steps = [0, 1, 2, 3, 4, 5]
values = ["0", "0", "0.1", "1.2", "3.3", "5.5"]
path = sparse.solution_path(steps, values)
ps = np.linspace(0.05, 1, 100)
fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
for segment, style in zip(path.segments, ("-", "--"), strict=True):
    jumps = [abs(float(j)) for j in segment.solution.function.jumps]
    ax.plot(ps, [sum(j**p for j in jumps) for p in ps], style,
            label=f"{segment.solution.count} knots, jumps {', '.join(f'{j:g}' for j in jumps)}")
threshold = path.threshold
ax.axvline(float(threshold.lower), color="black", linewidth=0.8)
ax.annotate(f"$p^*$ = {float(threshold.lower):.4f}", (float(threshold.lower) + 0.02, 2.5))
ax.set(xlabel="p", ylabel="$V_p$")
ax.legend()
plt.show()
print(f"{float(threshold.lower):.12f} <= p* <= {float(threshold.upper):.12f}")
assert [segment.solution.count for segment in path.segments] == [2, 3]
assert 0 < threshold.upper - threshold.lower < Fraction(1, 10**9)
assert sparse.interpolate(steps, values, "2/5").count == 2
assert sparse.interpolate(steps, values, "1/2").count == 3

# %% [markdown]
# The threshold is an irrational number, so it is enclosed. Every comparison between sums of $p$-th
# powers on the way is decided by enclosures, and exact ties by arithmetic in radicals.
#
# ## Real data
#
# The population of the United States at nineteen censuses, in millions. The polygon needs a knot
# almost everywhere; eleven suffice, and the bars show how far each of them could move.

# %%
years = list(range(1790, 1971, 10))
millions = ["3.93", "5.31", "7.24", "9.64", "12.9", "17.1", "23.2", "31.4", "39.8", "50.2",
            "62.9", "76", "92", "105.7", "122.8", "131.7", "151.3", "179.3", "203.2"]
census = sparse.interpolate(years, millions)
fig, ax = plt.subplots(figsize=(7.5, 3.6), layout="constrained")
grid = np.linspace(1785, 1975, 400)
knots = [float(t) for t in census.knots]
ax.plot(grid, census.function.sample(grid), color="#0072B2")
ax.plot(knots, census.function.sample(knots), "|", color="#D55E00", markersize=14, label="knots")
ax.plot(years, [float(v) for v in millions], "o", color="black", markersize=3.5, label="censuses")
for places in census.family.knots:
    for place in places:
        ax.plot([float(place.lower), float(place.upper)], [-8, -8], color="#56B4E9", linewidth=5)
ax.set(xlabel="year", ylabel="millions", ylim=(-15, None))
ax.legend()
plt.show()
counts = {p: sparse.interpolate(years, millions, p).count for p in (0, "1/2", "9/10")}
print("knots of the polygon:", len(CPWL.from_points(years, millions).knots), " of minimisers:",
      ", ".join(f"{count} for p = {p}" for p, count in counts.items()))
assert census.count == min(counts.values()) < len(CPWL.from_points(years, millions).knots)

# %% [markdown]
# ## The linear term is not free for everyone
#
# Without $ax$ in the network, slopes must come from neurons too, and one more neuron may be needed.
# Whether it is is a subset sum problem on the jumps, so `min_neurons` searches, and proves.

# %%
for xs, ys in (([0, 1, 2], [0, 1, 3]), ([0, 1, 2, 3], [0, 1, 3, 6]), ([0, 1], [0, 1])):
    free = sparse.interpolate(xs, ys).count
    minimal = sparse.min_neurons(xs, ys)
    points = ", ".join(f"({a}, {b})" for a, b in zip(xs, ys, strict=True))
    print(f"{points:34} with a linear term {free}, without {minimal.count}")
    assert minimal.count in (free, free + 1)
    assert [minimal.function(t) for t in xs] == ys

# %% [markdown]
# ## Several variables: a proof for tiny data
#
# In $\mathbb R^d$ count the nonzero input weights and biases. The exclusive or on the corners of a
# square is the classical example. `sparsest_network` proposes by mixed-integer programming and
# proves with a tree of Farkas vectors: nonnegative multipliers that add the inequalities of a
# smaller choice up to $0\ge 1$. `check` goes through the tree with rational arithmetic and no
# solver.

# %%
corners, labels = [[0, 0], [1, 0], [0, 1], [1, 1]], [0, 1, 1, 0]
xor = sparse.sparsest_network(corners, labels)
convex = sparse.minimal_l1(corners, labels)
print("weights and biases:", xor.count, "  first layer", xor.network.weights[0].tolist(),
      "  least l1 norm:", convex.value)
assert xor.check()
assert convex.check()
assert [xor.network.forward_exact(c) for c in corners] == [(v,) for v in labels]
assert xor.count == 4

# %% [markdown]
# The network found is $|x_1-x_2|$: two neurons, four weights, no bias. That nothing with three
# weights fits is the part that needs the proof.
#
# ## What training finds
#
# The algorithm of Nakhleh and Nowak: Adam for the squared error, then a step that shrinks each
# $u=v_kw_k$ by the slope of $|u|^p$. It is a heuristic. The exact optimum tells how good it is.

# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained", sharey=True)
grid = np.linspace(-2.4, 3.4, 400)
for ax, p in zip(axes, (0.4, 1.0), strict=True):
    trained = sparse.train(x, y, p, width=30, epochs=20_000, seeds=range(3))
    run = min(trained, key=lambda one: (one.error > 0.05, one.penalty))
    f = CPWL.from_network(run.network)
    ax.plot(grid, best.function.sample(grid), color="0.6", linestyle="--", label="an exact optimum")
    ax.plot(grid, f.sample(grid), color="#0072B2", label=f"trained: {run.neurons} neurons")
    ax.plot([float(t) for t in f.knots], [float(v) for v in f.values], "|", color="#D55E00",
            markersize=12)
    ax.plot(x, y, "o", color="black", markersize=4)
    ax.set(title=f"p = {p:g}, best of {len(trained)} runs", xlabel="x", ylim=(-0.5, 2.4))
    ax.legend(fontsize=8)
    assert all(1 <= one.neurons <= 30 for one in trained)
    assert len(f.knots) <= run.neurons
plt.show()

# %% [markdown]
# ## What to try next
#
# * Your own data: `sparse.interpolate(x, y, p)` takes thousands of points in linear time; decimals
#   in strings are taken at their word.
# * A threshold in several variables: `sparse.power_threshold(X, y)` encloses a $p$ below which
#   every minimiser is sparsest.
# * Longer training: `rt.figures.figure("sparse_training")`.
# * The ledger: `relu-theory verify nakhleh2025`, and `debarre2022`, `boursier2023`.

# %%
value = sparse.power_threshold([[0], [1], [2]], [0, 1, 0])
print("for three points on a line, p below", value, "is small enough: ln(4/3) / ln 2")
assert abs(float(value) - np.log(4 / 3) / np.log(2)) < 1e-12
assert rt.sparse is sparse
