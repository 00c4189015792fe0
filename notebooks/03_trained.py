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
# # Networks trained on real data
#
# Ten small networks ship with the package, trained on data that scikit-learn carries and stored as
# exact rationals. Trained networks are not random ones: some neurons never switch on where the data
# are, and the regions crowd together in places.

# %%
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np

import relu_theory as rt
from relu_theory.data import trained

print(f"{'':16}{'inputs':>7}{'hidden layers':>18}{'score':>8}{'regions':>9}")
for name in trained.names():
    net, box, info = trained.load(name)
    regions = rt.regions.count(net, box)
    widths = "-".join(map(str, net.widths))
    print(f"{name:16}{net.input_dim:7}{widths:>18}{info['train_score']:8.3f}{regions:9}")
    assert regions <= rt.regions.bounds.serra2018_upper(net.input_dim, net.widths)

# %% [markdown]
# ## Iris, two measurements
#
# Each region has one affine map, so the class boundaries are piecewise linear, and the norm of the
# Jacobian tells where the network is steep. The box is that of the standardised data.

# %%
net, box, info = trained.load("iris2")
points, labels = trained.sample("iris2")
picture = rt.plotting.planar(net, box)
fig, axes = plt.subplots(1, 2, figsize=(9.5, 4.4), layout="constrained")
rt.plotting.regions2d(picture, ax=axes[0], color="affine")
rt.plotting.regions2d(picture, ax=axes[1], color="gradient", colorbar=True, linewidth=0.4)
for label, marker in zip(range(3), "osv", strict=True):
    chosen = points[labels == label]
    axes[0].scatter(*chosen.T, marker=marker, c="white", ec="black", s=18, zorder=5)
axes[0].set(title=f"{picture.size} regions", ylabel="petal width, standardised")
axes[1].set(title="norm of the Jacobian")
for ax in axes:
    ax.set(xlabel="petal length, standardised")
plt.show()
accuracy = np.mean(net.forward(points).argmax(axis=1) == labels)
print(f"{accuracy:.1%} of the sample is classified right")
assert picture.size == rt.regions.count(net, box)
assert accuracy > 0.9

# %% [markdown]
# How many neurons do anything there, and how many regions hold data?

# %%
cells = list(rt.regions.cells(net, box))
bits = np.array([[bit for layer in cell.pattern for bit in layer] for cell in cells])
always, never = int(bits.all(axis=0).sum()), int((~bits).all(axis=0).sum())
print(f"of {net.num_neurons} neurons {always} are always active and {never} never")
occupied = {net.pattern(point) for point in points}
print(f"{len(points)} data points lie in {len(occupied)} of {len(cells)} regions")
share = sum(c.volume() for c in cells if c.pattern in occupied) / box.volume()
print(f"which take {float(share):.1%} of the area")
assert sum(cell.volume() for cell in cells) == box.volume()
assert occupied <= {cell.pattern for cell in cells}
assert share < 1

# %% [markdown]
# ## Faces
#
# The f-vector counts vertices, edges and regions; Euler's relation must hold, and a certificate
# proves the list of regions.

# %%
faces = rt.regions.polyhedral_complex(net, box)
graph = rt.regions.dual_graph(net, box)
sides = [len(cell.facets()) for cell in cells]
print("f-vector", faces.f_vector, "| Euler characteristic", faces.euler_characteristic())
print(f"{np.mean(sides):.2f} sides for each region, {max(sides)} at most")
print(f"dual graph: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges")
boundary = sum(len(data["boundary"]) for _, data in graph.nodes(data=True))
assert faces.euler_characteristic() == 1
assert faces.f_vector[1] == graph.number_of_edges() + boundary
assert sum(sides) == 2 * graph.number_of_edges() + boundary

# %%
certificate = rt.regions.certify(net, box)
print(certificate.claim.count, "regions, certified:", certificate.check(net, box))
assert certificate.claim.count == len(cells)

# %% [markdown]
# ## The graph of the function
#
# A network with two inputs and one output is a surface of flat pieces. Its extreme values on the
# box are attained at vertices of regions, so they are exact too.

# %%
net, box, info = trained.load("diabetes2")
fig = plt.figure(figsize=(6, 5), layout="constrained")
ax = fig.add_subplot(projection="3d")
rt.plotting.graph3d(net, box, ax=ax)
ax.set(xlabel=info["inputs"][0], ylabel=info["inputs"][1])
plt.show()
low, high, lowest, highest = rt.regions.output_range(net, box)[0]
print(f"the output ranges over [{float(low):.4f}, {float(high):.4f}] on the box")
assert net.forward_exact(lowest) == (low,)
assert net.forward_exact(highest) == (high,)
assert low < 0 < high

# %% [markdown]
# ## A slice through five dimensions
#
# A network with many inputs is looked at through a plane: here the plane through three data points.
# Restricting a network to it is exact, so the slice is a network with two inputs like any other.

# %%
net, box, info = trained.load("breast_cancer5")
points, labels = trained.sample("breast_cancer5")
origin, first, second = points[0], points[1], points[-1]
window = rt.Box(["-1", "-1"], ["2", "2"])
fig, ax = plt.subplots(figsize=(5, 4.6), layout="constrained")
drawn = rt.plotting.slice2d(net, origin, first - origin, second - origin, window, ax=ax)
ax.plot([0, 1, 0], [0, 0, 1], "o", c="white", mec="black", ms=7, zorder=5)
plt.show()
matrix = np.stack([first - origin, second - origin], axis=1)
plane = net.restrict(matrix, origin)
print(f"{rt.regions.count(plane, window)} regions meet the window in the plane,", end=" ")
print(f"{rt.regions.count(net, box)} the box of the data in five dimensions")
assert drawn.picture.size == rt.regions.count(plane, window)
assert np.allclose(plane.forward([1.0, 0.0]), net.forward(first))

# %% [markdown]
# ## Your own
#
# `rt.interop.from_sklearn(model)` reads an MLP of scikit-learn, `rt.interop.from_nnet(path)` a
# `.nnet` file, and `rt.ReluNetwork(weights, biases)` takes anything that is a list of matrices.

# %%
mine = rt.ReluNetwork([np.eye(2), [[1.0, -1.0]]], [[0.0, "-1/3"], [0]])
print(rt.regions.count(mine), "regions; f(1, 1) =", mine.forward_exact([1, 1])[0])
assert mine.forward_exact([1, 1]) == (Fraction(1, 3),)
