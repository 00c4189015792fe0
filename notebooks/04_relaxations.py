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
# # When is a relaxation exact?
#
# A verifier says: on this box the output is at most $3/2$. The true maximum is 1. Nothing is wrong
# with the verifier; the convex set by which it replaced the network is too large. Could another
# network for the *same function* be analysed exactly? That is a question about expressivity, and
# the answer depends on the relaxation, on the function and on the network.

# %%
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np

import relu_theory as rt
from relu_theory.cpwl import CPWL
from relu_theory.data import trained
from relu_theory.figures import neuron_relaxations

largest = rt.ReluNetwork([[[1, -1], [0, 1], [0, -1]], [[1, 1, -1]]], [[0, 0, 0], [0]])
square = rt.Box(0, 1, dim=2)
assert largest.forward_exact(["1/3", "1/2"]) == (Fraction(1, 2),)
(true,) = rt.relaxation.range(largest, square)
print(f"max(x, y) = relu(x - y) + relu(y) - relu(-y) on the unit square: in [{true.minimum}, "
      f"{true.maximum}]")
assert (true.minimum, true.maximum) == (0, 1)

# %% [markdown]
# ## One neuron
#
# Let the pre-activation $a$ of a neuron range over $[l,u]$ with $l<0<u$. The graph of
# $\mathrm{relu}$ over it is a broken line. Each relaxation replaces it by a convex set:
#
# * **interval arithmetic** (IBP) by a rectangle: $0\le b\le u$;
# * **DeepPoly** by the chord $b\le \frac{u}{u-l}(a-l)$ above, and one line below, $b\ge 0$ or
#   $b\ge a$; **CROWN** chooses the one that leaves the smaller triangle;
# * the **triangle** by the convex hull: both lines below, and the chord;
# * a **multi-neuron** relaxation by the convex hull of the graph of a whole layer.

# %%
shapes = neuron_relaxations.data(None, False)
fig = plt.figure(figsize=(10, 3.2), layout="constrained")
neuron_relaxations.draw(shapes, fig)
plt.show()
areas = {shape["name"]: shape["area"] for shape in shapes}
for name, area in areas.items():
    print(f"{name:28}area {area}")
assert min(areas, key=areas.get) == "triangle"

# %% [markdown]
# Then the relaxed maximum of the output is a linear program over the product of these sets. The
# numbers below are its exact optima, or proved bounds of them, in rational arithmetic.

# %%
found = {m: rt.relaxation.exactness(largest, square, m) for m in rt.relaxation.METHODS}
for method, exactness in found.items():
    (upper,) = exactness.relaxed.upper
    print(f"{method:12} at most {upper!s:4} gap {exactness.gap!s:4} {exactness.verdict.name}")
assert found["triangle"].relaxed.upper == (Fraction(3, 2),)
assert found["multineuron"].gap == 0

# %% [markdown]
# The gap of $1/2$ is no accident of this network. Baader et al. (2024) prove that *no* network of
# $\max(x,y)$ is analysed exactly by the triangle on all boxes. A multi-neuron relaxation is exact
# here, and on every network with one hidden layer: the output is linear on the hull of the layer.
#
# ## One variable: what can be encoded?
#
# For a piecewise linear function of one variable, ask for a network that a relaxation analyses
# exactly on **every** interval $[l,u]$ of a domain. `encode` answers with a network and its proof,
# or with the reason why there is none, or says that this is open.

# %%
domain = rt.Box(-2, 2, dim=1)
functions = {
    "monotone: relu(x)": CPWL([0], [0, 1]),
    "convex: |x|": CPWL([0], [-1, 1]),
    "concave: -|x|": CPWL([0], [1, -1]),
    "one turn, not concave": CPWL([-1, 0, 1], ["1/2", 2, -2, "-1/2"]),
    "two turns, folds": CPWL([-1, 1], [1, -1, 1]),
    "two turns, wiggle": CPWL(["-1/2", "1/2"], [1, -1, 1]),
}
methods = ("ibp", "deeppoly0", "deeppoly1", "triangle", "multineuron")
table = {name: [rt.relaxation.encode(f, m, domain) for m in methods]
         for name, f in functions.items()}
print(" " * 24 + "".join(f"{m:>13}" for m in methods))
for name, row in table.items():
    print(f"{name:24}" + "".join(f"{answer.verdict.name:>13}" for answer in row))
for name, row in table.items():
    for answer in row:
        if answer.verdict is rt.Verdict.HOLDS:
            assert rt.relaxation.encodes(answer.network, functions[name], domain)
assert all(row[-1].verdict is rt.Verdict.HOLDS for row in table.values())
assert table["convex: |x|"][0].verdict is rt.Verdict.FAILS
assert table["two turns, wiggle"][3].verdict is rt.Verdict.UNDECIDED

# %% [markdown]
# How to read it. HOLDS comes with a network, and each was checked above: its function equals the
# given one, as piecewise linear functions with rational knots. FAILS is a theorem: increments of
# the ends of interval arithmetic add up, so that it is exact on all intervals for monotone
# functions only (derived here). UNDECIDED is said plainly: for a wiggle, which turns twice and ends
# beyond the heights of both turns, it is open whether some network is analysed exactly by the
# triangle on every interval; one hidden layer cannot be (derived here). Monotone, convex and
# multi-neuron answers are those of Baader et al. (2024); two more are derived here. The function
# with one turn is a monotone function of a convex one. The one that folds runs, after a turn,
# through the heights before it once more: it is a simpler function of the length of the way there.

# %%
for name, method in (("convex: |x|", "ibp"), ("one turn, not concave", "triangle"),
                     ("two turns, wiggle", "triangle")):
    answer = rt.relaxation.encode(functions[name], method, domain)
    print(f"{name}, {method}: {answer.reason}")
    assert answer.reason

# %% [markdown]
# ## Exactness belongs to the network, not to the function
#
# The function with one turn has a network with one hidden layer, and the one that `encode` made,
# with three. Both compute the same function. Here is the exact gap of the relaxed maximum or
# minimum on every interval $[l,u]$, as a map over $(l,u)$; white is exact.

# %%
turn = functions["one turn, not concave"]
plain = turn.to_network()
made = rt.relaxation.encode(turn, "triangle", domain).network
assert CPWL.from_network(plain) == turn
assert rt.relaxation.encodes(made, turn, domain)
ticks = [Fraction(k, 5) for k in range(-10, 11)]
panels = (("one hidden layer", plain, "ibp"), ("one hidden layer", plain, "triangle"),
          ("the network of encode", made, "triangle"))
fig, axes = plt.subplots(1, 3, figsize=(10.5, 3.4), layout="constrained", sharey=True)
worst = []
for ax, (title, net, method) in zip(axes, panels, strict=True):
    gaps = np.full((len(ticks), len(ticks)), np.nan)
    for row, u in enumerate(ticks):
        for column, lower in enumerate(ticks[: row + 1]):
            gap = rt.relaxation.exactness(net, rt.Box([lower], [u]), method).gap
            gaps[row, column] = gap or np.nan
    worst.append(np.nanmax(gaps, initial=0))
    ax.fill_between([-2, 2], [-2, 2], -2, color="#DDDDDD", linewidth=0)
    if worst[-1]:
        shades = ax.pcolormesh([float(t) for t in ticks], [float(t) for t in ticks], gaps,
                               cmap="viridis_r", vmin=0, shading="nearest")
        fig.colorbar(shades, ax=ax)
    else:
        ax.text(-0.9, 0.9, "no gap", ha="center")
    ax.set(title=f"{title}, {method}", xlabel="$l$", aspect="equal")
axes[0].set_ylabel("$u$")
plt.show()
print("largest gaps on these intervals:", *worst)
assert worst[2] == 0 < worst[1] < worst[0]

# %% [markdown]
# A grid of boxes is not all boxes. The decision procedure is: the gap is piecewise a function of
# $(l,u)$ in closed form, and on every piece its sign is decided.

# %%
for title, net, method in panels[:2]:
    answer = rt.relaxation.exact_on_all_subboxes(net, domain, method)
    ends = answer.witness.lower[0], answer.witness.upper[0]
    print(f"{title}, {method}: {answer.verdict.name} on [{ends[0]}, {ends[1]}] by {answer.gap}")
    assert answer.verdict is rt.Verdict.FAILS
    assert rt.relaxation.exactness(net, answer.witness, method).gap == answer.gap
proof = rt.relaxation.encode(turn, "triangle", domain).proof
print("the network of encode:", proof.verdict.name, "by", proof.reason)
assert proof.verdict is rt.Verdict.HOLDS

# %% [markdown]
# For $|x|=\mathrm{relu}(x)+\mathrm{relu}(-x)$ the closed form fits a line. On $l<0<u$ interval
# arithmetic bounds $|x|$ by $u-l$, where the truth is $\max(u,-l)$; its gap is
# $\min(u,-l)$.

# %%
size = rt.ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
_, relaxed = rt.relaxation.parametric_bounds(size, domain, "ibp")
_, exact = rt.relaxation.parametric_bounds(size, domain, "true")
for ends in ({"l": -1, "u": 2}, {"l": Fraction(-3, 2), "u": Fraction(1, 2)}):
    gap = relaxed.subs(ends) - exact.subs(ends)
    print(f"on [{ends['l']}, {ends['u']}] interval arithmetic is {gap} too high")
    assert gap == min(ends["u"], -ends["l"])

# %% [markdown]
# ## What verifiers in floats answer
#
# A bound that is too wide is honest. A bound that excludes true values is not, and rounding makes
# some. Interval arithmetic in float32, as tensor libraries run it, carried out here on
# $\mathrm{relu}(x+2^{24})-2^{24}$ over $[0,1]$: the function is $x$.

# %%
shift = 2**24
through = rt.ReluNetwork([[[1]], [[1]]], [[shift], [-shift]])
unit = rt.Box(0, 1, dim=1)
ends = np.array([0, 1], np.float32)
single = np.maximum(ends + np.float32(shift), np.float32(0)) - np.float32(shift)
rounded = rt.relaxation.bounds(through, unit, "ibp", arithmetic="float")
exact = rt.relaxation.bounds(through, unit, "ibp")
print(f"float32: [{single[0]}, {single[1]}]; outward rounding: [{rounded.lower[0]}, "
      f"{rounded.upper[0]}]; rational: [{exact.lower[0]}, {exact.upper[0]}]")
assert single.tolist() == [0, 0]
assert rounded.lower[0] <= 0
assert rounded.upper[0] >= 1
assert (exact.lower, exact.upper) == ((0,), (1,))

# %% [markdown]
# auto_LiRPA and bound_propagation give $[0,0]$ for this network too (November 2026, defaults), so a
# property such as $y\le 1/2$ would be called proved.
#
# ## A certified answer for a trained network
#
# How loose are relaxations in practice? Boxes $[-r,r]^2$ around the mean of the data, for a network
# with three hidden layers. The true width is exact; each bound has a certificate that a small
# checker verifies without any solver.

# %%
net, _, _ = trained.load("diabetes2")
radii = [Fraction(1, 2**k) for k in range(7)]
used = ("ibp", "crown", "deeppoly0", "triangle")
ratios = {method: [] for method in used}
for radius in radii:
    box = rt.Box(-radius, radius, dim=2)
    (true,) = rt.relaxation.range(net, box)
    for method in used:
        bounds = rt.relaxation.bounds(net, box, method)
        if radius == Fraction(1, 4):
            assert bounds.certificate().check(net, box)
        assert bounds.lower[0] <= true.minimum <= true.maximum <= bounds.upper[0]
        width = (bounds.upper[0] - bounds.lower[0]) / (true.maximum - true.minimum)
        ratios[method].append(float(width))
fig, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
styles = ("o-", "^--", "s-.", "D-")
for style, (method, values) in zip(styles, ratios.items(), strict=True):
    ax.plot([float(r) for r in radii], values, style, label=method)
    print(f"{method:12}", *(f"{value:8.2f}" for value in values))
ax.axhline(1, color="black", linewidth=0.8)
ax.set(xscale="log", yscale="log", xlabel="radius of the box", ylabel="width / true width")
ax.set_yticks((1, 2, 5, 10, 20, 50), ("1", "2", "5", "10", "20", "50"))
ax.legend()
plt.show()
assert ratios["triangle"][-1] < 1.01
assert all(t <= d for t, d in zip(ratios["triangle"], ratios["deeppoly0"], strict=True))

# %% [markdown]
# On small boxes hardly any neuron is unstable and all but interval arithmetic are nearly exact; on
# the box of radius 1 the best single-neuron relaxation is off by more than an order of magnitude.
# Splitting the box is what complete verifiers do about it.
#
# ## What to try next
#
# * Your own function: `CPWL.from_points(x, y)`, then `rt.relaxation.encode`.
# * Several neurons at once: `rt.relaxation.bounds(net, box, "multineuron", group=2)`. Mao et al.
#   (2026) show that even the best layerwise hulls are incomplete: `relu-theory verify mao2026`.
# * The ledger of this area: `relu-theory verify baader2024`; the map above for three functions:
#   `rt.figures.figure("subbox_gaps")`.
