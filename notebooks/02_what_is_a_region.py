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
# # What is a linear region? Six answers
#
# One paper proves that a network has at most $N$ linear regions, another counts fewer in
# experiments, a third says that two networks with the same function have different numbers. Before
# comparing them, ask what was counted. Stargalla, Hertrich and Reichman (arXiv 2505.16716) found
# six definitions in use. This notebook computes all of them, shows where they part, and then where
# the *counting* goes wrong although the definition is clear.

# %%
from fractions import Fraction
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import linprog

import relu_theory as rt
from relu_theory import families
from relu_theory.data import trained
from relu_theory.figures import six_definitions

# %% [markdown]
# ## One function, four different numbers
#
# Take $f(x,y)=\max(-y,\min(0,-x))$. Its graph has three flat pieces. A network with two hidden
# layers computes it:
#
# $$h_1=\big(\mathrm{relu}(x),\ \mathrm{relu}(y),\ \mathrm{relu}(-y)\big),\qquad
#   h_2=\big(\mathrm{relu}(\mathrm{relu}(x)-y),\ \mathrm{relu}(x)\big),\qquad f = h_{2,1}-h_{2,2}.$$
#
# (In the first neuron of the second layer, $-y=\mathrm{relu}(-y)-\mathrm{relu}(y)$.)

# %%
example = rt.ReluNetwork(
    weights=[[[1, 0], [0, 1], [0, -1]], [[1, -1, 1], [1, 0, 0]], [[1, -1]]],
    biases=[[0, 0, 0], [0, 0], [0]],
)
for x, y in [(2, 3), (2, -1), (-2, 5), ("1/2", "1/3")]:
    (value,) = example.forward_exact([x, y])
    assert value == max(-Fraction(y), min(Fraction(0), -Fraction(x)))
counts = rt.regions.all_counts(example)
for kind, number in counts.items():
    print(f"{kind:18}{number}")
assert list(counts.values()) == [7, 5, 4, 3, 3, 3]

# %% [markdown]
# What each line counts, from the network to the function. Write $S_A$ for the set of inputs at
# which exactly the neurons in $A$ are active, that is, have a positive pre-activation.
#
# * **activation**: patterns $A$ with $S_A\neq\emptyset$, however thin $S_A$ is.
# * **proper**: patterns for which $S_A$ has an interior. A thin pattern needs a coincidence: here
#   the two halves of the line $y=0$ have patterns of their own.
# * **convex**: the smallest number of polyhedra that form a polyhedral complex (any two meet in a
#   common face, or not at all) and on each of which $f$ is affine.
# * **open connected**: maximal open connected sets on which $f$ is affine.
# * **closed connected**: maximal closed connected sets, with interior, on which $f$ is affine. Two
#   open pieces with the same affine map that touch in a corner are one closed piece.
# * **affine**: different affine maps, wherever they occur.
#
# The first two belong to the network, the other four to the function.

# %%
panels = six_definitions.data(None, False)
fig = plt.figure(figsize=(11.5, 4.6), layout="constrained")
six_definitions.draw(panels, fig)
plt.show()
shown = [list(panel["counts"].values()) for panel in panels]
print("above:", shown[0], " below:", shown[1])
assert sorted(shown[0], reverse=True) == shown[0]
assert len(set(shown[1])) == 6

# %% [markdown]
# Each panel is one definition; equal colours are one region. Above is our example, below a network
# with eight neurons that has six different numbers. The thick lines in the first column are
# patterns without interior, the dashed white lines in the third are cuts that convexity forces.
#
# ## What the theorem says
#
# The six numbers decrease, $R_1\ge R_2\ge R_3\ge R_4\ge R_5\ge R_6$, for every network, and each
# inequality is strict for some network. The package ships small examples for each; one row of the
# table is enough to refute "these two definitions agree".

# %%
print(f"{'function':64}{'the six counts'}")
strict = set()
for case in families.separating_examples():
    found = tuple(rt.regions.all_counts(case.network).values())
    print(f"{case.formula:64}{found}")
    assert found == case.counts
    assert all(a >= b for a, b in pairwise(found))
    strict |= {k for k in range(5) if found[k] > found[k + 1]}
assert strict == set(range(5))

# %% [markdown]
# ## The definition that is hard
#
# Five of the numbers fall out of the list of cells. The convex one is an optimisation problem:
# which cells can be glued into convex pieces? The answer is therefore a bracket, with evidence for
# both ends. Above: an explicit complex. Below: points of which no two can lie in one piece. For the
# clipped coordinate $\min(\max(y,-t),t)$ with $t=\mathrm{relu}(1-|x|)$ both ends agree, and show
# one more subtlety: seven polyhedra can tile the plane, but then they do not meet in common faces.

# %%
clip = next(case for case in families.separating_examples() if case.name == "clip")
convex = rt.regions.convex_regions(clip.network)
print(f"complex: {convex.bracket.lower} to {convex.bracket.upper};", end=" ")
print(f"tiling: {convex.partition.lower} to {convex.partition.upper}")
print("points in different pieces:", sum(map(len, convex.witnesses)))
assert convex.bracket.value == len(convex.pieces) == sum(map(len, convex.witnesses)) == 9
assert convex.partition.value == len(convex.loose_pieces) == 7

# %% [markdown]
# ## Does it matter for my network?
#
# On generic weights, hardly: with a few outputs, two regions with the same affine map would be a
# coincidence. A network with one output has a little more room, since a layer may be dead on a
# whole set. Constructions from proofs are the other extreme.

# %%
square = rt.Box(-1, 1, dim=2)
net, box, _ = trained.load("iris2")
for name, one, domain in (
    ("trained on iris, 3 outputs", net, box),
    ("Gaussian [8, 8], 1 output", families.gaussian(2, [8, 8], seed=2), square),
    ("integers in -2..2, [4, 4]", families.random_integer(2, [4, 4], seed=4), None),
):
    found = list(rt.regions.all_counts(one, domain).values())
    print(f"{name:30}", *found)
    values = [getattr(v, "upper", v) for v in found]
    assert values == sorted(values, reverse=True)
assert len(set(rt.regions.all_counts(net, box).values())) == 1

# %% [markdown]
# ## Same definition, different counts
#
# Now fix the definition: proper activation regions, which is what published tools report. They
# extend sign patterns neuron by neuron and keep those for which a linear program finds a point at
# least `margin` away from every hyperplane. Here is that method in a few lines, for one hidden
# layer on the square $[-1,1]^2$.


# %%
def count_by_lp(net, margin):
    rows = np.column_stack([net.weights[0], net.biases[0]])
    sizes = np.linalg.norm(rows[:, :2], axis=1)
    rows = rows[sizes > 0] / sizes[sizes > 0, None]

    def feasible(signed):
        # A point with signed . (x, 1) >= margin in the square: linprog wants A x <= b.
        found = linprog([0, 0], -signed[:, :2], signed[:, 2] - margin, bounds=[(-1, 1)] * 2)
        return found.status == 0

    kept = [np.empty((0, 3))]
    for row in rows:
        longer = (np.vstack([signed, sign * row]) for signed in kept for sign in (1, -1))
        kept = [signed for signed in longer if feasible(signed)]
    return len(kept)


generic = families.gaussian_arrangement(6, 2, seed=7)
found = [rt.regions.count(generic, square), *(count_by_lp(generic, m) for m in (1e-6, 1e-10))]
print("six random lines: exact {}, margin 1e-6 {}, margin 1e-10 {}".format(*found))
assert len(set(found)) == 1

# %% [markdown]
# The networks in proofs are not random: hyperplanes repeat, run parallel, meet in one point, miss
# each other by little. A large margin misses thin cells; a small one is below the solver's own
# tolerance (1e-7), which calls empty cells feasible. No margin is right for all.

# %%
flat = [c for c in families.load_traps() if c.network.depth == 1 and c.network.input_dim == 2]
cases = [c for c in flat if c.counts[0][0] == square]
print(f"{'':28}{'exact':>6}{'1e-6':>8}{'1e-10':>8}")
wrong = {1e-6: 0, 1e-10: 0}
for case in cases:
    exact = rt.regions.count(case.network, square)
    ordinary = {margin: count_by_lp(case.network, margin) for margin in wrong}
    for margin, count in ordinary.items():
        wrong[margin] += count != exact
    print(f"{case.name:28}{exact:6}{ordinary[1e-6]:8}{ordinary[1e-10]:8}")
    assert exact == case.counts[0][1]
assert all(wrong.values())

# %%
narrow = rt.Box(["-2e-9", -1], ["2e-9", 1])
fig, axes = plt.subplots(2, 3, figsize=(8, 5.2), layout="constrained")
for ax, case in zip(axes.flat, cases, strict=True):
    thin = case.name in ("gap of 1e-9", "sliver")
    drawn = rt.plotting.regions2d(case.network, narrow if thin else square, ax=ax)
    ax.set(xticks=[], yticks=[], title=case.name + (", magnified" if thin else ""), aspect="auto")
    assert len(drawn.cells.get_paths()) == case.counts[0][1]
plt.show()

# %% [markdown]
# What published tools answer on the same weights, each with its defaults (November 2026): on
# *duplicate*, exactly 4, parx says 1, nnenum 9, SplineCam 13, affinitree 64, and relucent honestly
# refuses; on the six lines through a point, exactly 12, nnenum says 7, SplineCam 13, canonicalpoly
# and affinitree 64; on the gap, exactly 3, parx says 1, nnenum 2, affinitree 4.
#
# ## A decimal is not a float
#
# The network *is* its weights. The float `0.1` is not one tenth, and three lines that meet in one
# point on paper may form a triangle once they are floats. Both questions have an exact answer. They
# are different questions, so say which one you ask: strings and fractions are taken at their word.

# %%
normals = [[1, 0], [0, 1], [1, 1]]
decimals = families.arrangement(normals, ["-0.1", "-0.2", "-0.3"])
floats = families.arrangement(normals, [-0.1, -0.2, -0.3])
triangle = min(rt.regions.cells(floats, square), key=lambda cell: cell.volume())
print("lines through one point:", rt.regions.count(decimals), "regions")
print("their floats:           ", rt.regions.count(floats), "regions")
print("area of the smallest:   ", float(triangle.volume()))
gap = Fraction(0.1) + Fraction(0.2) - Fraction(0.3)
assert (rt.regions.count(decimals), rt.regions.count(floats)) == (6, 7)
assert triangle.volume() == gap**2 / 2 > 0

# %% [markdown]
# Multiplying all weights of a layer by a positive number moves no hyperplane. A tolerance notices;
# an exact count does not. The engine decides signs in floats with a proved error bound, and takes
# integers and rationals where that bound leaves a sign open. `Tally` says how often.

# %%
base = families.gaussian_arrangement(8, 2, seed=3)
for power in (0, -27, 60, -200):
    moved = families.scaled(base, Fraction(2) ** power)
    assert rt.regions.count(moved, square) == rt.regions.count(base, square)
for name, one, domain in (
    ("Gaussian [32, 32]", families.gaussian(2, [32, 32], seed=0), square),
    ("iterated tents, 6 layers", families.iterated_tent(6, 2), rt.Box(0, 1, dim=2)),
    ("resonance arrangement, R^4", families.resonance(4), None),
):
    tally = rt.regions.Tally()
    count = rt.regions.count(one, domain, tally=tally)
    exactly = tally.by_integer + tally.by_rational
    share = exactly / (tally.by_float + exactly)
    print(f"{name:28}{count:6} regions, {share:7.2%} of the signs decided beyond floats")
    assert count == tally.regions

# %% [markdown]
# ## A certified answer
#
# A certificate settles a disagreement: its checker has other code than the search, works in
# rationals on plain Python, and refuses a list that misses a region. Small integers make all of the
# coincidences at once, so they are a good fuzz.

# %%
certified = []
for seed in range(12):
    net = families.random_integer(2, [4, 4], seed)
    certificate = rt.regions.certify(net)
    assert certificate.check(net)
    assert certificate.claim.count == rt.regions.count(net)
    certified.append(certificate.claim.count)
print("certified counts:", *certified)
assert len(set(certified)) > 5

# %% [markdown]
# ## What to try next
#
# * Your own function: build it, call `rt.regions.all_counts`, and see which of the six you meant.
# * A smaller counterexample: `rt.regions.minimise(net, keeps)` removes neurons and weights as long
#   as a property of your choice survives.
# * The complexity of counting is itself a theorem: `relu-theory verify stargalla2025`.
# * How many regions are possible? `rt.regions.bounds` has the closed forms, and notebook 8 tests a
#   plausible one that is false.
