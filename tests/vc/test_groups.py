"""Groups, equivariance, the class of group-convolutional networks, and its lower-bound family."""

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import ReluNetwork, vc
from relu_theory.errors import CertificateError, InvalidInput, ShapeError

GROUPS = [vc.cyclic(1), vc.cyclic(6), vc.dihedral(3), vc.symmetric(3),
          vc.direct_product(vc.cyclic(2), vc.cyclic(3))]  # fmt: skip
small = st.integers(-3, 3)


def test_orders_and_commutativity() -> None:
    assert [g.order for g in GROUPS] == [1, 6, 6, 6, 6]
    abelian = [all(g.table[a][b] == g.table[b][a] for a in range(g.order) for b in range(g.order))
               for g in GROUPS]  # fmt: skip
    assert abelian == [True, True, False, False, True]
    for g in GROUPS:
        assert all(g.table[a][g.inverse(a)] == 0 for a in range(g.order))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (((0, 1), (0, 1)), "identity"),
        (((1, 0), (0, 1)), "identity"),
        (((0, 1), (1, 1)), "permutations"),
        ((), "permutations"),
        # A loop of order five that is no group.
        (((0, 1, 2, 3, 4), (1, 0, 3, 4, 2), (2, 4, 0, 1, 3), (3, 2, 4, 0, 1), (4, 3, 1, 2, 0)),
         "associative"),
    ],
)  # fmt: skip
def test_tables_that_are_no_groups(table: Any, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        vc.FiniteGroup(table)


def test_bad_arguments() -> None:
    for make in (lambda: vc.cyclic(0), lambda: vc.dihedral(2), lambda: vc.symmetric(6),
                 lambda: vc.indicator(1, 0, 1), lambda: vc.indicator_family(1),
                 lambda: vc.GroupConv(vc.cyclic(2), units=0)):  # fmt: skip
        with pytest.raises(InvalidInput):
            make()
    with pytest.raises(ShapeError, match="kernel must have 3"):
        vc.correlation(vc.cyclic(3), [1], [1, 2, 3])
    with pytest.raises(ShapeError, match=r"kernels\[0\]"):
        vc.GroupConv(vc.cyclic(3), ((1, 0),))


@settings(max_examples=30)
@given(st.sampled_from(GROUPS), st.data())
def test_layers_are_equivariant_and_the_output_invariant(group: Any, data: Any) -> None:
    r = group.order
    values = st.lists(small, min_size=r, max_size=r)
    kernels = data.draw(st.lists(values, min_size=2, max_size=2))
    weight = st.lists(small, min_size=2, max_size=2)
    first = [[data.draw(weight)] for _ in range(2)]
    second = [[data.draw(weight), data.draw(weight)]]
    net = vc.GroupNetwork(group, kernels, [(first, [1, -1]), (second, [2])])
    f, by = data.draw(values), data.draw(st.integers(0, r - 1))
    moved = vc.shifted(group, by, f)
    assert net.features([moved]) == [vc.shifted(group, by, h) for h in net.features([f])]
    assert net([moved]) == net([f])
    assert net.parameters == 2 * (2 + 1) + (2 * 2 + 1)


@settings(max_examples=30)
@given(st.sampled_from(GROUPS), st.data())
def test_the_identity_kernel_embeds_networks(group: Any, data: Any) -> None:
    rows = [data.draw(st.lists(small, min_size=3, max_size=3)) for _ in range(2)]
    net = ReluNetwork([[row[:2] for row in rows], [data.draw(st.lists(small, min_size=2,
                      max_size=2))]], [[row[2] for row in rows], [data.draw(small)]])  # fmt: skip
    channels = [data.draw(st.lists(small, min_size=group.order, max_size=group.order))
                for _ in range(2)]  # fmt: skip
    values = [net.forward_exact(x)[0] for x in zip(*channels, strict=True)]
    assert vc.embed_network(net, group)(channels) == sum(max(v, 0) for v in values)


def table_of(order: int, blocks: int) -> list[list[list[Fraction]]]:
    """value[block][k][function] of each embedded indicator on each function."""
    functions, indicators = vc.indicator_family(order, blocks)
    group = vc.cyclic(order)
    return [[[vc.embed_network(net, group)([f]) for f in functions] for net in nets]
            for nets in indicators]  # fmt: skip


@pytest.mark.parametrize(("order", "blocks"), [(2, 1), (3, 3), (4, 2), (7, 2), (8, 2), (16, 1)])
def test_indicator_sums_give_every_labeling(order: int, blocks: int) -> None:
    m = order.bit_length() - 1
    values = table_of(order, blocks)
    found = set()
    for chosen in product(range(2**m), repeat=blocks):
        totals = [sum(values[i][k][f] for i, k in enumerate(chosen)) for f in range(blocks * m)]
        found.add(tuple(total > Fraction(1, 2) for total in totals))
    assert len(found) == 2 ** vc.bounds.gcnn_lower(order, blocks)


def test_group_convolutions_have_certificates() -> None:
    net = vc.GroupConv(vc.cyclic(3))
    found = vc.dimension(net, tries=30)
    assert found.lower >= 2
    assert found.certificate.check()["architecture"]["name"] == "GroupConv"
    no = vc.shatters(net, [[0, 0, 0], [1, 1, 1], [2, 2, 2]])
    assert not no
    data = no.certificate.data
    assert no.certificate.check()["kind"] == "refuted"
    data["statement"]["points"][0] = ["0", "0", "5"]
    with pytest.raises(CertificateError, match="refused"):
        no.certificate.check()


@settings(max_examples=15)
@given(st.data())
def test_group_of_one_element_is_a_hidden_layer(data: Any) -> None:
    points = data.draw(st.lists(st.tuples(small, small), min_size=1, max_size=4, unique=True))
    conv = vc.GroupConv(vc.cyclic(1), channels=2, units=1, signed=True)
    net = vc.OneHidden(2, 1)
    assert set(vc.labelings(conv, points)) == set(vc.labelings(net, points))


@settings(max_examples=15)
@given(st.sampled_from([vc.cyclic(3), vc.cyclic(2)]), st.data())
def test_labelings_are_invariant_under_the_group(group: Any, data: Any) -> None:
    r = group.order
    kernels = ((1, *[0] * (r - 1)), (0, 1, *[0] * (r - 2)))
    points = data.draw(st.lists(st.tuples(*[small] * r), min_size=1, max_size=3, unique=True))
    moved = [vc.shifted(group, 1, p) for p in points]
    net = vc.GroupConv(group, kernels)
    assert set(vc.labelings(net, points)) == set(vc.labelings(net, moved))
