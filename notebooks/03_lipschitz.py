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
# # How good are Lipschitz bounds, and what does DMOC see during training?
#
# A Lipschitz constant says how much the output can move when the input moves by one. Papers bound
# it from above by products of norms and semidefinite programs, and from below by looking at data.
# How far are these from the truth? For networks of a few dozen neurons the truth can be computed
# exactly, so that each bound gets a number: its ratio to the constant.

# %%
from fractions import Fraction
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import relu_theory as rt
from relu_theory.data import trained
from relu_theory.figures import unsound_bounds

net, box, info = trained.load("diabetes6")
print(f"{net.input_dim} inputs, hidden layers {net.widths}: the course of diabetes after a year")
print(f"R^2 = {info['train_score']:.2f}")
assert (net.input_dim, net.widths) == (6, (12, 10))

# %% [markdown]
# ## The constant is a finite maximum
#
# On a convex domain $D$ the smallest $L$ with $|f(x)-f(y)| \le L\,\|x-y\|_2$ for all $x,y\in D$ is
#
# $$L = \max_R \|J_R\|_2,$$
#
# where $R$ runs over the linear regions with interior in $D$ and $J_R$ is the Jacobian on $R$. The
# proof is two lines: a segment from $x$ to $y$ crosses regions one after another, so $L$ suffices;
# inside the best region, points along the leading singular vector show that nothing less does.
# `lipschitz.exact` streams all regions. Floats with proved error bounds rule out nearly all of
# them, and the rest are compared as algebraic numbers.

# %%
true = rt.lipschitz.exact(net, box)
regions, decided = true.details["regions"], true.details["decided_exactly"]
print(f"{regions} regions, {decided} of them compared exactly; L = {float(true):.6f}")
assert true.check(net)
assert net.pattern(true.witness.point) == true.witness.pattern

# %% [markdown]
# The witness is a region: a pattern, a rational point in it, and the gradient there. `check`
# verifies it in exact arithmetic. It proves the lower half of the claim; that no region is steeper
# rests on the enumeration, whose completeness has its own certificate (notebook 1).
#
# ## The bounds
#
# All of them have one signature, and a label that says what is proved.
#
# * The **product** of the layers' norms, $\|W_3\|\,\|W_2\|\,\|W_1\|$: each ReLU is 1-Lipschitz.
# * **LipSDP** (Fazlyab et al. 2019): a semidefinite program, see below.
# * **ECLipsE** (Xu and Sivaranjani 2024) solves it layer by layer; its *Fast* form is a formula.
# * **SeqLip** (Virmaux and Scaman 2018) is an estimate: beyond 12 neurons its search is greedy.
# * **sampling** climbs along gradients, and gives a lower bound.
#
# LipSDP rests on one fact: the slope of a ReLU between two inputs lies in $[0,1]$. So the
# differences $u$ of pre-activations and $v$ of activations satisfy $v_i(u_i-v_i)\ge0$. If
# multipliers $t_i\ge0$ exist with
#
# $$\rho\,\|\delta x\|^2-\|W_3\,v\|^2-2\sum_i t_i\,v_i(u_i-v_i)\ge0$$
#
# for all differences, then $L\le\sqrt\rho$. A solver proposes the $t_i$; here a Cholesky
# factorisation with all roundings counted proves the inequality.

# %%
methods = ("product", "interval", "eclipse-fast", "eclipse", "lipsdp-layer", "lipsdp-neuron",
           "seqlip", "sampling")
found = {method: rt.lipschitz.bound(net, method, box) for method in methods}
ratios = {method: float(bound) / float(true) for method, bound in found.items()}
for method, bound in found.items():
    print(f"{method:16}{bound.label:10}{float(bound):8.2f}{ratios[method]:8.2f} times the constant")
    if bound.label == "upper":
        assert true.value <= Fraction(bound.upper)
    if bound.label == "lower":
        assert true.value >= Fraction(bound.lower)

# %%
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
colours = {"upper": "#0072B2", "estimate": "#999999", "lower": "#D55E00"}
hatches = {"upper": "", "estimate": "//", "lower": ".."}
for row, method in enumerate(reversed(methods)):
    label = found[method].label
    ax.barh(row, ratios[method], color=colours[label], hatch=hatches[label], edgecolor="white")
    ax.text(max(ratios[method], 1) + 0.03, row, label, va="center", fontsize=9)
ax.axvline(1, color="black")
ax.set(yticks=range(len(methods)), yticklabels=reversed(methods), xlim=(0, 2.9),
       xlabel="bound / exact constant")
plt.show()
assert ratios["lipsdp-neuron"] < ratios["eclipse-fast"] < ratios["product"]

# %% [markdown]
# ## Bounds that are not bounds
#
# Some rules that were published or shipped as upper bounds are below the constant of a small
# network, and automatic differentiation at a kink answers for a function that is not there. The
# rules are carried out here. Coupled multipliers are the mode "network" of LipSDP, whose error
# Pauli et al. found in 2021; the package does not offer it. The dropped scale was in the Python
# package eclipse-nn up to version 0.1.6. The chain rule at kinks is what LipBaB and LipMIP, exact
# in general position, return for $\mathrm{relu}(x)-\mathrm{relu}(-x)=x$.

# %%
for rule, where, answer, constant, error in unsound_bounds.data(None, True):
    print(f"{rule:30}{where:36} says {answer}, true {constant}: {error}")
kink = rt.ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])
assert rt.lipschitz.exact(kink, None, 1, 1).value == 1
assert rt.lipschitz.formal(kink, None, 1, 1).value == 2
for rule in ("lipsdp-network", "coupled"):
    try:
        rt.lipschitz.bound(kink, rule)
    except rt.InvalidInput:
        pass
    else:
        raise AssertionError("an unsound rule was accepted")

# %% [markdown]
# ## What the data alone can tell
#
# The *discrete modulus of continuity* (DMOC; Dölz, Multerer and Palma 2026) of values $y_i$ at
# points $x_i$ is
#
# $$w(t) = \max\{\,\|y_i-y_j\| : \|x_i-x_j\|\le t\,\},$$
#
# a staircase. It needs no network: labels have one too. Its slope $\max_t w(t)/t$ is the Lipschitz
# constant of the data, a lower bound for every function through them. So one can compare what a
# network does with what the data ask for, at every distance.
#
# Let us train a network and look. Full-batch gradient descent with momentum, on the two petal
# measurements of 150 iris flowers, with the species as the numbers $-1,0,1$.

# %%
points, species = trained.sample("iris2")
_, iris_box, _ = trained.load("iris2")
wanted = species - 1.0


def train(widths, steps, keep, seed=1, rate=0.02, momentum=0.9):
    """The networks after the steps in `keep`, with their errors."""
    rng = np.random.default_rng(seed)
    layers = [[rng.standard_normal((b, a)) * np.sqrt(2 / a), 0.1 * rng.standard_normal(b)]
              for a, b in pairwise([2, *widths, 1])]
    speed = [[np.zeros_like(p) for p in pair] for pair in layers]
    for step in range(steps + 1):
        inputs = [points]
        for weight, bias in layers[:-1]:
            inputs.append(np.maximum(inputs[-1] @ weight.T + bias, 0))
        error = inputs[-1] @ layers[-1][0].T + layers[-1][1] - wanted[:, None]
        if step in keep:
            weights, biases = zip(*layers, strict=True)
            yield float((error**2).mean()), rt.ReluNetwork([w.copy() for w in weights],
                                                           [b.copy() for b in biases])
        back = 2 / len(points) * error
        for k in reversed(range(len(layers))):
            slopes = back.T @ inputs[k], back.sum(axis=0)
            back = (back @ layers[k][0]) * (inputs[k] > 0)
            for p, v, g in zip(layers[k], speed[k], slopes, strict=True):
                v *= momentum
                v -= rate * g
                p += v


kept = [0, 5, 10, 20, 40, 80, 160, 320, 640, 1280]
history = list(train((8, 8), kept[-1], kept))
of_data = rt.lipschitz.dmoc(points, wanted)
moduli = [rt.lipschitz.dmoc(points, one.forward(points)) for _, one in history]
exact = [float(rt.lipschitz.exact(one, iris_box)) for _, one in history]
upper = [rt.lipschitz.bound(one, "lipsdp-neuron", iris_box).upper for _, one in history]
print("step   error   L seen at the data   exact   LipSDP")
for step, (error, _), w, low, high in zip(kept, history, moduli, exact, upper, strict=True):
    print(f"{step:4}{error:8.3f}{w.lipschitz:12.2f}{low:16.2f}{high:9.2f}")
    assert w.lipschitz <= low * (1 + 1e-9) <= high * (1 + 2e-9)
assert history[-1][0] < history[0][0] / 10

# %%
i, j = of_data.conflict
print(f"flowers {i} and {j} have equal petals and species {species[i]:.0f} and {species[j]:.0f}")
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
steps = np.array(kept) + 1
left.plot(steps, upper, "v--", color="#0072B2", label="LipSDP")
left.plot(steps, exact, "o-", color="black", label="exact, on the box")
left.plot(steps, [w.lipschitz for w in moduli], "^:", color="#D55E00", label="seen at the data")
left.set(xscale="log", xlabel="steps, plus one", ylabel="Lipschitz constant", ylim=(0, None))
left.legend()
times = np.geomspace(0.05, 4.5, 300)
right.step(times, of_data(times), where="post", color="black", label="labels", linewidth=2)
for k, style in ((0, ":"), (4, "-."), (6, "--"), (9, "-")):
    right.step(times, moduli[k](times), style, where="post", label=f"after {kept[k]} steps")
right.set(xscale="log", xlabel="distance t", ylabel="w(t)", xticks=(0.1, 1), ylim=(0, 4))
right.set_xticks((0.1, 1), ("0.1", "1"))
right.legend(loc="upper left", fontsize=8)
plt.show()
assert points[i].tolist() == points[j].tolist()
assert species[i] != species[j]
assert of_data.lipschitz == np.inf

# %% [markdown]
# The labels have no Lipschitz constant at all: two flowers with the same petals belong to different
# species. Yet their modulus is a meaningful curve. The network's curve approaches it from below at
# small distances, where the classes must be told apart, and ends near the range of the labels for
# large ones. How alike the curves are is a number: one minus their relative difference, $S$.

# %%
alike = [rt.lipschitz.compare(of_data(times), w(times)).s_rel for w in moduli]
for step, value in zip(kept, alike, strict=True):
    print(f"after {step:4} steps  S = {value:5.2f}")
assert max(alike) <= 1
assert alike[-1] > alike[0]

# %% [markdown]
# ## A certified answer from samples
#
# A sample sees the function only where the points are. Two facts turn it into a bracket. Let $h$ be
# the fill distance (no point of the box is farther than $h$ from the sample) and $\bar L$ any
# proved upper bound of the constant. Then the true modulus $w_f(t)=\sup\{|f(x)-f(y)|:\|x-y\|\le
# t\}$ satisfies
#
# $$w(t)\ \le\ w_f(t)\ \le\ \min\big(w(t+2h)+2\bar L h,\ \bar L t\big).$$
#
# (Move both points to their nearest sample points: this costs $2h$ in distance and $\bar L h$ at
# each end. Derived here; the ledger checks it as `doelz2026_dmoc.two_sided`.) Take a grid, and the
# LipSDP bound for $\bar L$.

# %%
_, last = history[-1]
cells = 64
axes = [np.linspace(float(a), float(b), cells + 1)
        for a, b in zip(iris_box.lower, iris_box.upper, strict=True)]
grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
sampled = rt.lipschitz.dmoc(grid, last.forward(grid))
fill = rt.lipschitz.grid_fill_distance(iris_box, cells)
spans = np.linspace(0.01, 1.5, 150)
low, high = rt.lipschitz.modulus_bracket(sampled, spans, fill, upper[-1])
fig, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
ax.fill_between(spans, low, high, color="#56B4E9", alpha=0.6, label="the true modulus is in here")
ax.plot(spans, exact[-1] * spans, "k--", linewidth=1, label="exact constant times t")
ax.step(spans, moduli[-1](spans), where="post", color="#D55E00", label="seen at the 150 flowers")
ax.set(xlabel="distance t", ylabel="w(t)", ylim=(0, 1.1 * high.max()))
ax.legend(fontsize=9, loc="lower right")
plt.show()
print(f"{len(grid)} grid points: constant {sampled.lipschitz:.4f} of the exact {exact[-1]:.4f}")
assert (low <= high).all()
assert (moduli[-1](spans) <= high).all()
assert 0.95 * exact[-1] < sampled.lipschitz <= exact[-1] * (1 + 1e-9)

# %% [markdown]
# Large data sets are often cut into batches, and the maximum over batches is reported. Most pairs
# never meet, and close pairs are the rarest. It is an estimate from below, and its label says so.

# %%
rng = np.random.default_rng(0)
some = grid[rng.permutation(len(grid))[:2000]]
whole = rt.lipschitz.dmoc(some, last.forward(some))
for size in (10, 50, 250):
    part = rt.lipschitz.minibatch(some, last.forward(some), size)
    share = part(0.05) / whole(0.05)
    print(f"batches of {size:4}: {share:6.1%} of w(0.05),", end=" ")
    print(f"{part.lipschitz / whole.lipschitz:6.1%} of the constant")
    assert share <= 1
    assert part.lipschitz <= whole.lipschitz
    assert not part.exact

# %% [markdown]
# ## What to try next
#
# * Other norms: `ord_in` and `ord_out` may be 1, 2 or `math.inf`. Where neither is 2 the constant
#   is a fraction.
# * A network with too many regions: `rt.lipschitz.search(net, box, seconds=60)` brackets the
#   constant, and goes on later where it stopped.
# * The trend over depth and width: `rt.figures.figure("lipschitz_bounds")`; three data sets at
#   once: `rt.figures.figure("dmoc_curves")`.
# * All statements used here: `relu-theory verify doelz2026` and `relu-theory verify jordan2020`.
