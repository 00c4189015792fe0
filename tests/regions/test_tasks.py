"""The parts of a question cover it once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import Box, families
from relu_theory.regions import count
from relu_theory.regions.machine import Machine
from relu_theory.regions.start import pose
from relu_theory.regions.tasks import tasks
from tests.strategies import domains, networks


def regions_by_parts(question, parts: int) -> tuple[int, int]:
    cones = tasks(question, parts)
    machine = Machine(question)
    for cone in cones:
        for _ in machine.run(cone):
            pass
    return machine.tally.regions, len(cones)


@pytest.mark.parametrize("parts", [1, 2, 7, 40, 10_000])
@pytest.mark.parametrize("domain", [None, Box(-1, 1, dim=3)])
def test_parts_add_up(parts, domain):
    net = families.gaussian(3, [8, 5], seed=1)
    found, number = regions_by_parts(pose(net, domain), parts)
    assert found == count(net, domain)
    assert number >= min(parts, 8)


def test_more_parts_than_first_layer_cells():
    """Then every cell of the first layer is a part."""
    net = families.gaussian(2, [3, 4], seed=2)
    assert regions_by_parts(pose(net), 100) == (count(net), 7)


@given(st.data(), st.integers(1, 3), st.integers(1, 12))
def test_parts_of_degenerate_questions(data, dim, parts):
    net, domain = data.draw(networks(dim, max_width=4)), data.draw(domains(dim))
    question = pose(net, domain)
    if question is not None and question.dim and net.depth:
        assert regions_by_parts(question, parts)[0] == count(net, domain)
