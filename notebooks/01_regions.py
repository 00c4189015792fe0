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
# # From weights to regions
#
# A ReLU network is affine on each of finitely many polyhedra. This notebook takes a small network
# apart: its regions, their geometry, who borders whom, and a proof that none is missing. Every
# number is exact.

# %%
from collections import Counter
from fractions import Fraction

import matplotlib.pyplot as plt

import relu_theory as rt
from relu_theory import families

net = rt.ReluNetwork(
    weights=[[[1, 0], [0, 1], [1, 1]], [[1, 1, -2], [1, -1, 0], [-1, 2, 1]], [[1, 1, -1]]],
    biases=[[0, 0, -1], ["-1/2", "-1/3", 0], [0]],
)
square = rt.Box(-1, 1, dim=2)
print(net.widths, "hidden neurons; f(1/2, 3/4) =", net.forward_exact(["1/2", "3/4"])[0])
assert net.forward_exact(["1/2", "3/4"]) == (Fraction(-1),)

# %% [markdown]
# ## Counting
#
# A *proper activation region* is the set of points with one pattern of active neurons, when it has
# interior points. The question is always asked on a domain: here a square, then the whole plane.

# %%
in_square, in_plane = rt.regions.count(net, square), rt.regions.count(net)
print(f"{in_square} regions in the square, {in_plane} in the plane")
assert (in_square, in_plane) == (17, 22)

# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 4.4), layout="constrained")
drawn = rt.plotting.regions2d(net, square, ax=axes[0], color="affine")
axes[0].set_title("regions, by affine map")
slopes = rt.plotting.regions2d(net, square, ax=axes[1], color="gradient", colorbar=True)
axes[1].set_title("length of the gradient")
for ax in axes:
    ax.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])
plt.show()
assert len(drawn.cells.get_paths()) == in_square

# %% [markdown]
# Solid lines are where a neuron of the first layer changes sign, dashed ones belong to the second
# layer: they bend where they cross the first. Regions with the same affine map have the same
# colour, neighbours with different maps have different ones. On three of the seventeen the network
# is zero, and two more share a map: there are fewer affine maps than regions.
#
# ## One region

# %%
cells = {cell.pattern: cell for cell in rt.regions.cells(net, square)}
cell = cells[net.pattern(["1/2", "3/4"])]
print("pattern ", cell.pattern)
print("map     ", *map(str, cell.gradient[0]), "| offset", cell.offset[0])
print("inside  ", *map(str, cell.interior_point))
print("vertices", ["({}, {})".format(*v) for v in sorted(cell.vertices())])
print("facets  ", sorted(facet.source for facet in cell.facets()))
print("area    ", cell.volume())
assert net.pattern(cell.interior_point) == cell.pattern
assert cell.volume() == Fraction(13, 48)

# %% [markdown]
# The patterns differ, and the areas add up to the area of the square. These two facts are a first
# proof that the list is complete.

# %%
areas = [cell.volume() for cell in cells.values()]
print(" + ".join(map(str, sorted(areas))), "=", sum(areas))
maps = {(tuple(c.gradient[0]), c.offset[0]) for c in cells.values()}
print(f"{len(cells)} regions, {len(maps)} different affine maps")
assert (len(cells), len(maps)) == (in_square, 14)
assert sum(areas) == 4

# %% [markdown]
# ## A proof to take away
#
# Areas do not help in the whole plane. A certificate does: it lists the regions with their vertices
# and unbounded directions, and its checker needs the standard library only. A changed certificate
# is refused, and so is one for another question.

# %%
certificate = rt.regions.certify(net)
print(certificate)
assert certificate.check(net, rt.WholeSpace(2))
assert certificate.claim.count == in_plane

certificate.data["proof"]["cells"].pop()
certificate.data["statement"]["regions"]["patterns"].pop()
certificate.data["statement"]["regions"]["count"] -= 1
try:
    certificate.check()
except rt.CertificateError as refusal:
    print(refusal)
else:
    raise AssertionError("a certificate without its last region was accepted")

# %% [markdown]
# ## Neighbours
#
# The dual graph has a node for each region and an edge for each facet that two regions share. An
# edge knows which neurons vanish on it. In general position each edge flips one neuron. Here some
# flip two: the third neuron of the second layer has no bias, rests at zero where the first layer is
# silent, and wakes up together with the neuron that it listens to.

# %%
graph = rt.regions.dual_graph(net, square)
fig, ax = plt.subplots(figsize=(4.6, 4.4), layout="constrained")
rt.plotting.dual2d(net, square, ax=ax)
plt.show()
flips = Counter(data["flips"] for _, _, data in graph.edges(data=True))
print(graph)
print("edges that flip two neurons:", [names for names in flips if len(names) > 1])
parity = {v: sum(map(sum, data["pattern"])) % 2 for v, data in graph.nodes(data=True)}
assert graph.number_of_nodes() == in_square
assert {len(names) for names in flips} == {1, 2}
for u, v, data in graph.edges(data=True):
    assert (parity[u] != parity[v]) == (len(data["flips"]) % 2 == 1)

# %% [markdown]
# ## All faces
#
# The regions with their faces form a polyhedral complex. Its alternating number of faces is known
# in advance: 1 on a polytope and $(-1)^d$ on $\mathbb R^d$.

# %%
for name, domain in (("square", square), ("plane", rt.WholeSpace(2))):
    faces = rt.regions.polyhedral_complex(net, domain)
    print(f"{name}: {faces.f_vector[0]} vertices, {faces.f_vector[1]} edges,", end=" ")
    print(f"{faces.num_cells} regions, {len(faces.unbounded_cells)} of them unbounded")
    assert faces.euler_characteristic() == 1

# %% [markdown]
# ## Theorems about the count
#
# One hidden layer is an arrangement of hyperplanes. In general position $n$ of them cut
# $\mathbb R^d$ into $\sum_{i \le d} \binom n i$ regions (Zaslavsky 1975, and Schläfli before him).
# Depth does more: the tent map composed with itself $k$ times has two neurons in each layer and
# $2^k$ pieces (Telgarsky 2016).

# %%
for n, d in ((10, 2), (9, 3), (8, 4)):
    counted = rt.regions.count(families.generic_arrangement(n, d))
    print(f"{n} hyperplanes in R^{d}: {counted}")
    assert counted == rt.regions.bounds.zaslavsky(n, d)

for k in (2, 5, 10):
    tents = families.sawtooth(k)
    interval, line = rt.regions.count(tents, rt.Box(0, 1, dim=1)), rt.regions.count(tents)
    print(f"tent map, {k} times: {interval} pieces on [0, 1], {line} on the line")
    assert (interval, line) == (2**k, 2**k + 2)

# %% [markdown]
# The ledger checks such statements on all their instances, and says which relation the paper
# claims.

# %%
ledger = rt.theorems.verify("zaslavsky1975", quick=True)
print(ledger.table())
print(ledger.summary())
assert ledger.failures == ()
