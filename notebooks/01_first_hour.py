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
# # A first hour: from a trained network to its regions, constants and certificate
#
# You have trained a small network. Papers say that it is a piecewise linear function with so many
# pieces, that it is so steep, that it is robust around this input. Which of this is true of *your*
# network? This notebook answers for one network, with numbers that are exact and a proof that can
# be checked without this package.
#
# The network tells three species of iris apart by the length and the width of a petal. It ships
# with the package, with the box in which its (standardised) data lie.

# %%
import tempfile
from collections import Counter
from fractions import Fraction
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import relu_theory as rt
from relu_theory.data import trained

net, box, info = trained.load("iris2")
points, species = trained.sample("iris2")
right = net.forward(points).argmax(axis=1) == species
print(f"{net.input_dim} inputs, hidden layers {net.widths}, {net.output_dim} outputs")
print(f"{right.sum()} of {len(points)} flowers are classified right")
assert net.num_neurons == 72
assert right.mean() > 0.9

# %% [markdown]
# ## How many pieces?
#
# A ReLU network $f:\mathbb R^d\to\mathbb R^k$ alternates affine maps with
# $\mathrm{relu}(t)=\max(t,0)$. A neuron is *active* at $x$ when its argument, the pre-activation,
# is positive. All points with one pattern of active neurons see the same affine map
# $f(x) = J x + c$, and form a polygon. Those patterns whose polygon has an interior are the *proper
# activation regions*, and they are what `count` counts.

# %%
number = rt.regions.count(net, box)
bound = rt.regions.bounds.serra2018_upper(net.input_dim, net.widths)
print(f"{number} regions on the box; no network of this shape has more than {bound:,}")
assert number == 596
assert number <= bound

# %%
picture = rt.plotting.planar(net, box)
fig, axes = plt.subplots(1, 2, figsize=(10, 4.3), layout="constrained", sharey=True)
rt.plotting.regions2d(picture, ax=axes[0], color="affine", linewidth=0.5)
rt.plotting.regions2d(picture, ax=axes[1], color="gradient", colorbar=True, linewidth=0.3)
for label, marker in enumerate("osv"):
    chosen = points[species == label]
    axes[0].scatter(*chosen.T, marker=marker, c="white", ec="black", s=16, zorder=5)
axes[0].set(title=f"{picture.size} regions and the flowers", ylabel="petal width, standardised")
axes[1].set(title=r"norm of the Jacobian, $\|J\|_2$")
for ax in axes:
    ax.set(xlabel="petal length, standardised")
plt.show()
assert picture.size == number

# %% [markdown]
# The picture is not sampled: every polygon has exact corners. The bound (Serra, Tjandraatmadja and
# Ramalingam 2018, Theorem 1) holds for every network, and is far from what training makes. Solid
# lines are where a neuron of the first layer switches, dashed ones belong to later layers and bend
# where they cross earlier ones. Much of the network is idle, and most of its pieces hold no data:

# %%
cells = {cell.pattern: cell for cell in rt.regions.cells(net, box)}
bits = np.array([[bit for layer in pattern for bit in layer] for pattern in cells])
idle = int((bits.all(axis=0) | (~bits).all(axis=0)).sum())
occupied = {net.pattern(point) for point in points}
share = sum(cells[pattern].volume() for pattern in occupied) / box.volume()
print(f"{idle} of {net.num_neurons} neurons never change state on the box")
print(f"{len(points)} flowers lie in {len(occupied)} regions, {float(share):.1%} of the area")
assert sum(cell.volume() for cell in cells.values()) == box.volume()
assert occupied <= set(cells)
assert 0 < share < 1

# %% [markdown]
# ## One region
#
# Every region is a value that knows everything about itself, in rational numbers. Here is the one
# around the first flower. (The sum of areas above was already a proof: the patterns differ, so the
# regions are disjoint, and their areas add up to that of the box, so none is missing.)

# %%
flower = points[0]
cell = cells[net.pattern(flower)]
jacobian, offset = cell.gradient.astype(float), cell.offset.astype(float)
print("active neurons by layer:", [sum(layer) for layer in cell.pattern])
print("sides of the region:", Counter(facet.source[0] for facet in cell.facets()))
area = cell.volume()
digits = len(str(area.denominator))
print(f"its area is a fraction with {digits} digits below the line, about {float(area):.3f}")
assert net.pattern(cell.interior_point) == cell.pattern
assert np.allclose(jacobian @ flower + offset, net.forward(flower))

# %% [markdown]
# Regions that share a side are the edges of a graph, and vertices, edges and regions form a
# polyhedral complex. On a convex domain its numbers satisfy Euler's relation
# $V - E + F = 1$, which is a second, independent check.

# %%
graph = rt.regions.dual_graph(net, box)
faces = rt.regions.polyhedral_complex(net, box)
vertices, edges, flat = faces.f_vector
outer = sum(len(data["boundary"]) for _, data in graph.nodes(data=True))
print(f"{vertices} vertices, {edges} edges, {flat} regions: V - E + F = {vertices - edges + flat}")
print(f"{graph.number_of_edges()} edges separate two regions, {outer} lie on the border of the box")
assert faces.euler_characteristic() == 1
assert edges == graph.number_of_edges() + outer

# %% [markdown]
# ## How steep?
#
# The Lipschitz constant is the smallest $L$ with $\|f(x)-f(y)\|_2 \le L\,\|x-y\|_2$ on the box.
# For a piecewise linear $f$ on a convex set,
#
# $$L = \max_{\text{regions } R} \|J_R\|_2 ,$$
#
# the largest singular value of a Jacobian, where only regions with interior count (Jordan and
# Dimakis 2020, Theorem 1, in a form that holds for every network). So it is a finite maximum. Tools
# in use answer with upper bounds: the product of the layers' norms, or a semidefinite program
# (LipSDP). Gradients at the data give a lower bound.

# %%
true = rt.lipschitz.exact(net, box)
at_data = max(np.linalg.norm(cells[net.pattern(x)].gradient.astype(float), 2) for x in points)
answers = {
    "gradients at the flowers": at_data,
    "exact": float(true),
    "LipSDP": rt.lipschitz.bound(net, "lipsdp-first-order", box, rounds=150).upper,
    "ECLipsE-Fast": rt.lipschitz.bound(net, "eclipse-fast", box).upper,
    "product of norms": rt.lipschitz.bound(net, "product").upper,
}
for name, value in answers.items():
    print(f"{name:26}{value:10.2f}")
assert list(answers.values()) == sorted(answers.values())
assert true.witness.pattern in cells

# %% [markdown]
# The exact value is an algebraic number, the root of an integer polynomial; comparisons with it are
# decided, not rounded. Its witness is the steepest region.

# %%
low, high = true.value.enclosure()
steepest = cells[true.witness.pattern]
print(f"L lies between two fractions that differ by {float(high - low):.0e}")
print("the steepest region holds a flower:", steepest.pattern in occupied)
assert low < high
assert steepest.gradient.tolist() == true.witness.gradient.tolist()

# %% [markdown]
# ## Is this answer robust?
#
# Take one flower and a square of radius $r$ around it. The class is the same on the whole square
# when every margin $f_t(x) - f_j(x)$, class $t$ against another class $j$, stays positive. That is
# a linear specification of the outputs. A relaxation replaces every ReLU by a convex set and gives
# a lower bound of the margin, quickly; the exact minimum is attained at a vertex of a region.

# %%
chosen = int(np.flatnonzero(right & (species == 1))[3])
center, label = points[chosen], int(species[chosen])
others = [j for j in range(3) if j != label]
margins = [[int(j == label) - int(j == k) for j in range(3)] for k in others]
against = rt.ReluNetwork([margins], [[0, 0]]).compose(net)


def margin(radius, method=None):
    """The smallest margin on the square: exact, or as the relaxation bounds it."""
    square = rt.Box([Fraction(v) - radius for v in center], [Fraction(v) + radius for v in center])
    if method is None:
        return min(found.minimum for found in rt.relaxation.range(against, square))
    return min(rt.relaxation.bounds(net, square, method, specification=margins).lower)


radii = [Fraction(k, 16) for k in range(11)]
curves = {method: [margin(r, method) for r in radii] for method in (None, "crown", "ibp")}
fig, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
styles = {None: ("exact", "o-"), "crown": ("CROWN", "^--"), "ibp": ("interval arithmetic", "s:")}
for method, (name, style) in styles.items():
    ax.plot([float(r) for r in radii], [float(v) for v in curves[method]], style, label=name)
ax.axhline(0, color="black", linewidth=0.8)
ax.set(xlabel="radius of the square", ylabel="smallest margin", ylim=(-40, 12))
ax.legend()
plt.show()
proved = {name: max((r for r, v in zip(radii, curves[m], strict=True) if v > 0), default=0)
          for m, (name, _) in styles.items()}
print("the class is proved on radius", ", ".join(f"{r} ({name})" for name, r in proved.items()))
assert curves[None][0] == curves["crown"][0] == curves["ibp"][0] > 0
assert all(a >= b >= c for a, b, c in zip(*curves.values(), strict=True))

# %% [markdown]
# The relaxations are right to stay below: they may fail to prove what is true, and never prove what
# is false. How to tell a loose bound from a false statement is the theme of notebook 4.
#
# ## A proof to take away
#
# The count of regions comes with a certificate. It holds the network, the domain, the claim, and
# for every region its vertices. The checker is one file, `check_certificate.py`, that needs only
# Python's standard library and shares no code with the search: copy both to another machine.

# %%
certificate = rt.regions.certify(net, box)
with tempfile.TemporaryDirectory() as folder:
    certificate.save(Path(folder) / "iris.cert")
    loaded = rt.load_certificate(Path(folder) / "iris.cert")
assert loaded.check(net, box)
assert loaded.claim.count == number
print(f"{loaded.claim.count} regions, checked again from the file")

forged = rt.regions.certify(net, box)
forged.data["proof"]["cells"].pop()
forged.data["statement"]["regions"]["patterns"].pop()
forged.data["statement"]["regions"]["count"] -= 1
try:
    forged.check()
except rt.CertificateError as refusal:
    print("without its last region:", refusal)
else:
    raise AssertionError("a certificate without its last region was accepted")

# %% [markdown]
# ## A network with more inputs
#
# Nothing above was special to two inputs, except the pictures. A network with five inputs is drawn
# on the plane through three of its data points: restricted to a plane, it is again a ReLU network,
# exactly.

# %%
five, five_box, _ = trained.load("breast_cancer5")
data, _ = trained.sample("breast_cancer5")
first, second = data[1] - data[0], data[-1] - data[0]
window = rt.Box(-1, 2, dim=2)
fig, ax = plt.subplots(figsize=(4.6, 4.2), layout="constrained")
drawn = rt.plotting.slice2d(five, data[0], first, second, window, ax=ax)
ax.plot([0, 1, 0], [0, 0, 1], "o", c="white", mec="black", ms=7, zorder=5)
ax.set(title="a plane through three tumours")
plt.show()
total = rt.regions.count(five, five_box)
print(f"{total} regions in five dimensions, {drawn.picture.size} of the plane in the window")
print(f"largest slope, l_2: {float(rt.lipschitz.exact(five, five_box)):.4f}")
assert drawn.picture.size < total

# %% [markdown]
# ## What to try next
#
# Your own network. `rt.interop.from_sklearn(model)` reads an `MLPClassifier` or `MLPRegressor`,
# `rt.interop.from_nnet(path)` a `.nnet` file, and `rt.ReluNetwork(weights, biases)` takes any list
# of matrices: floats are taken as the exact binary fractions that they are, and `"1/3"` as a third.

# %%
mine = rt.ReluNetwork([np.eye(2), [[1.0, -1.0]]], [[0.0, "-1/3"], [0]])
print(rt.regions.count(mine), "regions; f(1, 1) =", mine.forward_exact([1, 1])[0])
assert mine.forward_exact([1, 1]) == (Fraction(1, 3),)
assert rt.lipschitz.exact(mine, None, 1, 1).value == 1

# %% [markdown]
# * Which of the six definitions of a linear region did we count? Notebook 2.
# * Why is LipSDP so far from the truth, and what can be seen from the data alone? Notebook 3.
# * How does the number of regions change while the network learns?
#   `rt.figures.figure("training_counts")` draws it.
