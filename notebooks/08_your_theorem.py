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
# # Checking a theorem of your own
#
# The ledger of this package holds theorems of papers as functions: each computes something from a
# network, predicts it by the theorem, and names the relation claimed between the two. This notebook
# adds an entry in twenty lines. The statement is one that many would believe. It passes on
# everything one has at hand, it is false, and the smallest counterexample has three neurons.

# %%
from collections import Counter

import matplotlib.pyplot as plt
import numpy as np

import relu_theory as rt
from relu_theory import families
from relu_theory.data import trained
from relu_theory.regions import bounds
from relu_theory.theorems import Instance, Ledger, Measured, theorem

# %% [markdown]
# ## A plausible statement
#
# One hidden layer of $N$ neurons on $\mathbb R^d$ is an arrangement of $N$ hyperplanes. It has at
# most
#
# $$r(N,d)=\sum_{j=0}^d\binom Nj$$
#
# regions (Schläfli; Zaslavsky 1975). Deep networks that were trained seem to have no more regions
# than shallow ones with as many neurons. So let us conjecture:
#
# > *A ReLU network with $N$ neurons in any number of layers has at most $r(N,d)$ regions.*
#
# Here it is as an entry of the ledger.


# %%
def cases(quick):
    for name in trained.names():
        net, box, _ = trained.load(name)
        yield Instance(f"trained: {name}", {"network": net, "domain": box})


@theorem(
    statement="A network with N neurons has no more regions than N hyperplanes.",
    latex=r"R \le \sum_{j \le d} \binom{N}{j}",
    paper="folklore",
    mark="derived",
    relation="<=",
    instances=cases,
)
def depth_does_not_matter(network, domain=None):
    """Regions of a network against those of a generic arrangement with as many neurons."""
    counted = rt.regions.count(network, domain, limit=10**6)
    return Measured(counted, bounds.zaslavsky(network.num_neurons, network.input_dim))


rows = [depth_does_not_matter.check(instance) for instance in depth_does_not_matter.instances()]
for row in rows:
    print(f"{row.instance:24}{row.computed:8} {row.relation} {row.predicted:8}  {row.verdict.name}")
assert {row.verdict for row in rows} == {rt.Verdict.HOLDS}

# %% [markdown]
# `statement` and `latex` say what is claimed, `paper` and `mark` where it comes from: *read* in the
# source, *reconstructed* from a summary, *known*, or *derived* here. `relation` is `==` only where
# equality is claimed. The function returns what was computed and what was predicted, and the ledger
# compares: in exact arithmetic, so that a verdict is a fact about that network.
#
# Ten networks trained on real data agree. Is that evidence? Add instances that people write by
# hand, with small integers as weights.

# %%
shapes = ((1, (4, 4)), (2, (4, 4)), (2, (8, 8)), (3, (5, 5)))
by_hand = [Instance(f"R^{d}, {widths}, seed {seed}",
                    {"network": families.random_integer(d, widths, seed)})
           for d, widths in shapes[:2] for seed in range(60)]
verdicts = Counter(depth_does_not_matter.check(instance).verdict.name for instance in by_hand)
print("small integers:", dict(verdicts))
assert verdicts == {"HOLDS": len(by_hand)}

# %% [markdown]
# 130 instances, no failure. But all of these are special: training leaves many neurons idle, a box
# hides what happens outside, and small integers make hyperplanes coincide. A test is as good as its
# instances. Let us take random weights, on all of $\mathbb R^d$, and networks made for depth.

# %%
gauss = [Instance(f"Gaussian, R^{d}, {widths}, seed {seed}",
                  {"network": families.gaussian(d, widths, seed)})
         for d, widths in shapes for seed in range(20)]
folds = [Instance(f"tent map, {k} times", {"network": families.sawtooth(k)}) for k in range(1, 6)]
folds += [Instance(f"tents in the plane, {k} times", {"network": families.iterated_tent(k, 2)})
          for k in range(1, 5)]
found = {name: [depth_does_not_matter.check(one) for one in group]
         for name, group in (("trained", list(cases(True))), ("integers", by_hand),
                             ("Gaussian", gauss), ("folding", folds))}
for name, group in found.items():
    print(f"{name:12}", dict(Counter(row.verdict.name for row in group)))
assert any(row.verdict is rt.Verdict.FAILS for row in found["Gaussian"])
assert found["folding"][-1].verdict is rt.Verdict.FAILS

# %%
fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
rng = np.random.default_rng(0)
for place, (group, marker) in enumerate(zip(found.values(), "osv^", strict=True)):
    ratios = np.array([row.computed / row.predicted for row in group])
    spots = place + rng.uniform(-0.25, 0.25, len(group))
    for failing, colour in ((False, "#0072B2"), (True, "#D55E00")):
        chosen = (ratios > 1) == failing
        ax.plot(spots[chosen], ratios[chosen], marker, color=colour, markersize=5, alpha=0.7)
ax.axhline(1, color="black", linewidth=0.8)
ax.text(0.5, 1.06, "the conjecture", ha="center")
ax.set(yscale="log", ylabel="regions / conjectured bound")
ax.set_xticks(range(4), found)
ax.set_yticks((0.1, 0.3, 1, 3), ("0.1", "0.3", "1", "3"))
plt.show()
assert max(row.computed / row.predicted for row in found["trained"]) < 1

# %% [markdown]
# ## The smallest counterexample
#
# A large counterexample refutes; a small one teaches. `regions.minimise` takes out neurons and
# moves weights towards zero as long as a property survives, and stops when no single step does.
# Random weights are found first, by a search over small integers.


# %%
def refutes(net):
    return rt.regions.count(net) > bounds.zaslavsky(net.num_neurons, net.input_dim)


first = next(net for seed in range(1000)
             if refutes(net := families.random_integer(1, [2, 2], seed)))
small = rt.regions.minimise(first, refutes)
print("found:", first)
print("small:", small)
print(f"{small.num_neurons} neurons, {rt.regions.count(small)} regions,",
      f"conjectured at most {bounds.zaslavsky(small.num_neurons, 1)}")
assert refutes(small)
assert small.num_neurons == 3

# %% [markdown]
# It can be checked by hand. The last neuron computes
# $\mathrm{relu}\big(1-\mathrm{relu}(x-1)-\mathrm{relu}(-x)\big)$, a plateau: the two neurons of the
# first layer bend at 1 and at 0, and the third bends *twice*, at $-1$ and at 2. A hyperplane bends
# once. That is what depth does.

# %%
fig, ax = plt.subplots(figsize=(6, 2.6), layout="constrained")
line = np.linspace(-2, 3, 301)
inner = [np.maximum(w * line + b, 0) for (w,), b in zip(small.weights[0], small.biases[0],
                                                        strict=True)]
top = np.maximum(small.weights[1][0] @ np.array(inner) + small.biases[1][0], 0)
ax.plot(line, top, color="black", linewidth=2, label="third neuron")
for values, style, name in zip(inner, ("--", ":"), ("first", "second"), strict=True):
    ax.plot(line, values, style, label=f"{name} neuron")
cells = sorted(rt.regions.cells(small, rt.Box(-2, 3, dim=1)), key=lambda cell: cell.interior_point)
ends = sorted({v[0] for cell in cells for v in cell.vertices()})
for end in ends[1:-1]:
    ax.axvline(float(end), color="#BBBBBB", linewidth=0.8, zorder=0)
ax.set(xlabel="x", ylim=(-0.1, 1.6))
ax.legend(fontsize=8)
plt.show()
print("bends at", *ends[1:-1])
assert len(cells) == rt.regions.count(small) == 5
assert [int(end) for end in ends] == [-2, -1, 0, 1, 2, 3]

# %% [markdown]
# A refutation deserves a certificate: five regions, each with a point inside, and none missing. Put
# it into the row, and everybody can check it with a file of plain Python.


# %%
@theorem(
    statement="Some network with three neurons has five regions on the line.",
    latex=r"R = 5 > \binom30 + \binom31 = 4",
    paper="folklore",
    mark="derived",
    relation="==",
    instances=lambda quick: [Instance("the plateau", {"network": small})],
)
def counterexample(network):
    """The certified number of regions of the plateau."""
    certificate = rt.regions.certify(network)
    return Measured(certificate.claim.count, 5, certificate)


(row,) = (counterexample.check(one) for one in counterexample.instances())
print(row.instance, row.computed, row.relation, row.predicted, row.verdict.name)
assert row.verdict is rt.Verdict.HOLDS
assert row.certificate.check(small, rt.WholeSpace(1))

# %% [markdown]
# ## The true statement
#
# Composition multiplies. Serra, Tjandraatmadja and Ramalingam (2018, Theorem 1) bound the number by
# a sum over the dimensions in which each layer may cut,
#
# $$R\le\sum_{(j_1,\dots,j_L)\in J}\ \prod_{\ell=1}^L\binom{n_\ell}{j_\ell},\qquad
#   0\le j_\ell\le\min\{d,\,n_1-j_1,\dots,n_{\ell-1}-j_{\ell-1},\,n_\ell\}.$$
#
# Exchange one line of the entry and run all instances again.


# %%
@theorem(
    statement="The regions of a deep network are at most a sum of products of binomials.",
    latex=r"R \le \sum_{j \in J} \prod_\ell \binom{n_\ell}{j_\ell}",
    paper="serra2018",
    mark="known",
    relation="<=",
    instances=cases,
)
def depth_multiplies(network, domain=None):
    """Regions of a network against the bound of Serra, Tjandraatmadja and Ramalingam."""
    counted = rt.regions.count(network, domain, limit=10**6)
    return Measured(counted, bounds.serra2018_upper(network.input_dim, network.widths))


every = [*cases(True), *by_hand, *gauss, *folds, Instance("the plateau", {"network": small})]
ledger = Ledger(tuple(depth_multiplies.check(instance) for instance in every))
tight = [row for row in ledger.rows if row.computed == row.predicted]
print(len(ledger.rows), "checks,", len(ledger.failures), "failures,", len(tight), "with equality")
assert ledger.count(rt.Verdict.HOLDS) == len(every)

# %% [markdown]
# ## What is not known is not a no
#
# A check that cannot be finished is UNDECIDED, with its reason, and never counted as a failure or a
# success. A verdict has no truth value, so that nobody writes `if verdict` by mistake.

# %%
wide = Instance("a wide network", {"network": families.gaussian(6, [20, 20], 0)})


@theorem(statement="R <= 10^9", latex=r"R \le 10^9", paper="folklore", mark="derived",
         relation="<=", instances=lambda quick: [wide])
def a_billion(network):
    """The regions of a network, if they are few enough to be counted."""
    return Measured(rt.regions.count(network, limit=2000), 10**9)


(row,) = (a_billion.check(one) for one in a_billion.instances())
print(row.verdict.name, "because", row.note)
assert row.verdict is rt.Verdict.UNDECIDED
try:
    bool(row.verdict)
except rt.InvalidInput as error:
    print(error)
else:
    raise AssertionError("a verdict was taken for a truth value")

# %% [markdown]
# ## Making it permanent
#
# Write the entry into a file `relu_theory/theorems/<author><year>_<topic>.py` of a copy of this
# repository, with the reference in `references.bib`. Nothing is registered by hand: the ledger
# finds every theorem in that folder, `relu-theory verify <author><year>` runs it, the tests check
# its quick instances and its docstring. The existing entries are the best models, such as this one.

# %%
stated = next(t for t in rt.theorems.theorems() if t.name.endswith("running_example"))
print(stated.name)
print(stated.statement)
print(f"source: {stated.paper}, arXiv {stated.arxiv}, {stated.number}; {stated.mark}")
existing = rt.theorems.verify("telgarsky2016", quick=True)
print("telgarsky2016:", len(existing.rows), "checks,", len(existing.failures), "failures")
assert existing.failures == ()
assert stated.mark in rt.theorems.MARKS

# %% [markdown]
# ## What to try next
#
# * Repair the conjecture instead of replacing it: for Gaussian networks with larger biases, on a
#   box, how often does it fail? Hanin and Rolnick (2019) bound the *expected* number of pieces by a
#   multiple of the number of neurons on the line: `relu-theory verify hanin2019`.
# * A statement about Lipschitz constants, VC dimensions or relaxations takes the same twenty lines.
# * A whole run, with all theorems and all instances: `relu-theory verify`.
