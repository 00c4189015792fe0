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
# # VC dimension by computation, and groups
#
# A class of functions *shatters* a set of points when it gives them all $2^m$ labelings. Its VC
# dimension, the size of the largest shattered set, governs how many examples suffice to learn it.
# Textbooks give bounds in the number of weights. For small networks the dimension itself can be
# computed, with evidence for both ends: explicit weights for every labeling, and a refutation for a
# labeling that no weights give. At the end, networks with a symmetry: does a larger group make them
# richer?

# %%
import tempfile
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import relu_theory as rt
from relu_theory import vc

corners = [[0, 0], [1, 0], [0, 1], [1, 1]]

# %% [markdown]
# ## Halfspaces
#
# A halfspace $\{x: w\cdot x+b>0\}$ of the plane shatters three points, but not the corners of a
# square: opposite corners cannot be told from the other two. A refutation is a set of Farkas
# multipliers, nonnegative numbers with which the inequalities for the weights add up to
# $0\ge1$. In general the dimension of halfspaces of $\mathbb R^d$ is $d+1$ (Radon's theorem).

# %%
planar = vc.Halfspaces(2)
three, four = vc.shatters(planar, corners[:3]), vc.shatters(planar, corners)
print("three corners:", three.shattered, "  four corners:", four.shattered, "  missing:",
      [int(label) for label in four.missing])
print("labelings of the corners:", vc.growth(planar, corners), "of 16")
assert three
assert not four
assert three.certificate.check()
assert four.certificate.check()
assert vc.growth(planar, corners) == 14
assert vc.dimension(planar).value == 3

# %% [markdown]
# The number 14 is also a number of regions. A halfspace is a point $(w,b)$ of parameter space, each
# data point a hyperplane there, and labelings are cells; so the exact engine that counts linear
# regions counts labelings as well.
#
# ## Two neurons
#
# Now take $f(x)=v_1\,\mathrm{relu}(w_1\cdot x+b_1)+v_2\,\mathrm{relu}(w_2\cdot x+b_2)+c$ and label
# by $f>0$. All sixteen labelings of the square exist, the exclusive or among them. Each picture is
# an exact network: rational weights, found by search and confirmed by substitution.


# %%
def network_of(found, inputs=2):
    """The network of a realisation: (w, b) of each unit, then c; the signs are the v."""
    *units, c = found.theta
    rows = [units[k : k + inputs + 1] for k in range(0, len(units), inputs + 1)]
    weights = [[row[:-1] for row in rows], [list(found.signs)]]
    return rt.ReluNetwork(weights, [[row[-1] for row in rows], [c]])


pair = vc.OneHidden(inputs=2, units=2)
side = np.linspace(-0.6, 1.6, 120)
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
fig, axes = plt.subplots(2, 8, figsize=(10, 2.8), layout="constrained")
for ax, labels in zip(axes.flat, product((0, 1), repeat=4), strict=True):
    net = network_of(vc.realises(pair, corners, labels))
    assert [int(net.forward_exact(c)[0] > 0) for c in corners] == list(labels)
    inside = (net.forward(grid)[:, 0] > 0).reshape(120, 120)
    ax.contourf(side, side, inside, [-0.5, 0.5, 1.5], colors=["white", "#9ECAE1"])
    for corner, label in zip(corners, labels, strict=True):
        ax.plot(*corner, "o", color="black", mfc="black" if label else "white", markersize=5)
    ax.set(xticks=[], yticks=[], aspect="equal")
plt.show()
shattered = vc.shatters(pair, corners)
print("two ReLUs shatter the square:", shattered.shattered)
assert shattered.certificate.check()
assert isinstance(vc.realises(vc.OneHidden(2, 1), corners, [0, 1, 1, 0]), vc.Refutation)

# %% [markdown]
# ## Is it the number of weights?
#
# One input, $K$ neurons: $3K+1$ weights. Rescaling a neuron changes nothing, so at most $2K+1$
# matter. The dimension is smaller: on the line only the number of sign changes counts, and $f$ is
# affine between at most $K$ knots. The last column is what the bound of Bartlett, Harvey, Liaw and
# Mehrabian (2019), nearly optimal for large deep networks, says of such small ones.

# %%
print("units  weights  VC dimension  published bound")
for units in (1, 2, 3, 4):
    line = vc.OneHidden(inputs=1, units=units)
    found = vc.dimension(line)
    # The theorem asks for more than two units in all.
    published = vc.bounds.bartlett2019_upper([1, units, 1]) if units > 1 else "-"
    ends = f"{found.lower} to {found.upper}"
    print(f"{units:5}{line.parameters:9}{ends:>14}{published:>17}   ({found.reason})")
    assert units == 1 or found.upper <= published
    assert found.certificate.check()["kind"] == "shattered"
    assert found.upper_certificate.check()["upper"] == found.upper
    assert len(found.witness) == found.lower == found.upper <= line.parameters
values = [vc.dimension(vc.OneHidden(1, units)).value for units in (1, 2, 3, 4)]
assert values == [2, 3, 5, 6]

# %% [markdown]
# A dimension is always a bracket with a reason for each end, and a certificate for each end that a
# checker verifies without the search. For more inputs the ends may part, and the package then says
# so instead of choosing one: for two neurons on the plane it proves 7 to 8
# (`vc.dimension(vc.OneHidden(2, 2))` takes some seconds, most of them for the ways in which a ninth
# point can lie to eight others).
#
# ## Between all and few
#
# The *growth function* is the largest number of labelings of $m$ points. Sauer's lemma bounds it by
# the dimension $d$: $\Pi(m)\le\sum_{i\le d}\binom mi$. How sharp is this for networks? On the line
# the order of the points is all that matters, so the count on any $m$ points is the growth
# function.

# %%
fig, ax = plt.subplots(figsize=(6, 3.8), layout="constrained")
sizes = range(1, 8)
ax.plot(sizes, [2**m for m in sizes], ":", color="#444444", label="$2^m$")
for units, style, colour in ((1, "o", "#0072B2"), (2, "s", "#D55E00"), (3, "^", "#009E73")):
    line = vc.OneHidden(1, units)
    growth = [vc.growth(line, [[i] for i in range(m)]) for m in sizes]
    sauer = [vc.sauer_shelah(m, values[units - 1]) for m in sizes]
    ax.plot(sizes, growth, style + "-", color=colour, markersize=4, label=f"{units} ReLU, exact")
    ax.plot(sizes, sauer, "--", color=colour, linewidth=1, label=f"Sauer, VC = {values[units - 1]}")
    print(f"{units} ReLU:", *growth)
    assert all(g <= s for g, s in zip(growth, sauer, strict=True))
    assert growth[values[units - 1] - 1] == 2 ** values[units - 1]
    assert growth[values[units - 1]] < 2 ** (values[units - 1] + 1)
ax.set(yscale="log", xlabel="points m", ylabel="labelings", xticks=sizes)
ax.legend(fontsize=8)
plt.show()

# %% [markdown]
# ## The same class, other questions
#
# On finitely many points a class is a 0/1 matrix, one row for each labeling. For matrices both ends
# have certificates, and other notions of richness are computed as well: the *Littlestone dimension*
# is the number of mistakes that an adversary can force from a learner who sees one point after
# another, the *teaching dimension* the number of examples a teacher needs.

# %%
matrix = np.array(list(vc.labelings(vc.OneHidden(1, 2), [[i] for i in range(5)])), dtype=int)
finite = vc.dimension(matrix)
mistakes, examples = vc.littlestone_dimension(matrix), vc.teaching_dimension(matrix)
print(f"{len(matrix)} labelings of five points: VC dimension {finite.value},", end=" ")
print(f"Littlestone {mistakes}, teaching {examples}")
assert finite.certificate.check()
assert finite.value == 3 <= mistakes

# %% [markdown]
# ## Networks with a symmetry
#
# Let a finite group $G$ act on inputs $f:G\to\mathbb R$ by shifts. A group-convolutional network
# has layers that commute with the shifts,
#
# $$K*(L_uf)=L_u(K*f),\qquad (K*f)(g)=\sum_h K(g^{-1}h)\,f(h),$$
#
# and sums over $G$ at its end. Its weights do not depend on the size of the group: are such
# networks as rich as one with the same weights and no group? Sepliarskaia, Langer and
# Schmidt-Hieber (arXiv 2410.15800) answer no. With $r=|G|$ and a fixed number of weights the VC
# dimension grows like $\log r$.

# %%
group = vc.dihedral(4)
rng = np.random.default_rng(0)
kernel, f = rng.integers(-3, 4, group.order).tolist(), rng.integers(-5, 6, group.order).tolist()
for u in range(group.order):
    moved = vc.correlation(group, kernel, vc.shifted(group, u, f))
    assert moved == vc.shifted(group, u, vc.correlation(group, kernel, f))
print(f"correlation commutes with all {group.order} symmetries of the square")
assert group.order == 8

# %% [markdown]
# The idea of the lower bound fits a picture. Take a network $\eta_k$ of one variable that is an
# indicator: 1 on one value, 0 on the others. On the group, the sum over $g$ of $\eta_k(f(g))$ asks
# whether $f$ takes that value *anywhere*. With $r$ group elements, a function $f_j$ can visit up to
# $r$ values: let it visit the value of subset $k\subseteq[m]$ exactly when $j\in k$. Then $\eta_k$
# labels $f_j$ by $j\in k$, and all $2^m$ labelings appear, with $m=\lfloor\log_2r\rfloor$.

# %%
order = 8
functions, (indicators,) = vc.indicator_family(order)
cyclic = vc.cyclic(order)
nets = [vc.embed_network(net, cyclic) for net in indicators]
answers = np.array([[int(net([f])) for net in nets] for f in functions])
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.3), layout="constrained")
for f, marker, colour in zip(functions, "osv", ("#0072B2", "#D55E00", "#009E73"), strict=True):
    left.plot(range(order), [float(v) for v in f], marker + ":", color=colour)
left.set(xlabel="group element g", ylabel="value", title="three functions on the cyclic group")
right.imshow(answers, cmap="Blues", vmin=-0.3, vmax=1.3, aspect="auto")
for (row, column), label in np.ndenumerate(answers):
    right.text(column, row, str(label), ha="center", va="center",
               color="white" if label else "black")
right.set(xlabel="network k", ylabel="function j", xticks=range(8), yticks=range(3),
          title="what eight networks answer: all labelings")
plt.show()
different = {tuple(column) for column in answers.T}
print("different labelings:", len(different), "of", 2 ** len(functions))
assert len(different) == 2 ** len(functions) == 8

# %%
orders = [2, 4, 8, 16, 32]
certified = []
for r in orders:
    points, (family,) = vc.indicator_family(r)
    embedded = [vc.embed_network(net, vc.cyclic(r)) for net in family]
    labels = {tuple(net([p]) > 0 for p in points) for net in embedded}
    assert len(labels) == 2 ** len(points)
    certified.append(len(points))
upper = [vc.bounds.gcnn_upper(1, (1, 4, 1), r) for r in orders]
plain = vc.dimension(vc.OneHidden(1, 4), certify=False).value
fig, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
ax.plot(orders, upper, "-", color="#444444", label="upper bound, explicit form of Theorem 1")
ax.plot(orders, certified, "o", color="#D55E00", label="shattered, verified exactly")
ax.axhline(plain, color="#0072B2", linestyle="--", label="4 ReLUs of one number, no group: exact")
ax.set(xscale="log", yscale="log", xlabel="order r of the group", ylabel="VC dimension")
ax.set_xticks(orders, [str(r) for r in orders])
ax.set_yticks([1, 3, 10, 30, 100, 300], ["1", "3", "10", "30", "100", "300"])
ax.minorticks_off()
ax.legend(fontsize=8)
plt.show()
print("orders   ", *orders)
print("shattered", *certified)
assert certified == [int(np.log2(r)) for r in orders]
assert all(a <= b for a, b in zip(certified, upper, strict=True))

# %% [markdown]
# (The networks have widths $(1,4,1)$, which by the paper's own formula $W_\ell=\sum_i
# m_i(k\,m_{i-1}+1)$ is 13 weights. The dots pass the dashed line at $r=128$. The wide gap between
# both curves is open; the upper one follows from the proof of Theorem 1, whose printed display was
# not read.)
#
# ## A certificate to take away

# %%
certificate = vc.shatters(pair, corners).certificate
with tempfile.TemporaryDirectory() as folder:
    certificate.save(Path(folder) / "square.cert")
    loaded = vc.load_certificate(Path(folder) / "square.cert")
assert loaded.check()["points"] == [["0", "0"], ["1", "0"], ["0", "1"], ["1", "1"]]
loaded.data["statement"]["points"][3] = ["1/2", "1/2"]
try:
    loaded.check()
except rt.CertificateError as refusal:
    print("about other points:", refusal)
else:
    raise AssertionError("a certificate about other points was accepted")

# %% [markdown]
# ## What to try next
#
# * Your own points: `vc.shatters(architecture, points)`; `vc.realises` for one labeling.
# * Other classes: `vc.Threshold`, `vc.Intersections`, `vc.Unions`, `vc.GroupConv`, any 0/1 matrix.
# * Deep networks extract bits: `vc.extraction_network` shatters more points than it has weights in
#   its first layer (`relu-theory verify bartlett2019`).
# * The ledger of groups: `relu-theory verify sepliarskaia2024`.
