"""What the tests of the public pages speak of."""

import pytest

from states.models import State
from tests.matrix import World


@pytest.fixture
def world_of_reports(db: None) -> State:
    """Lao PDR's report on 2023, published on 2 May 2024; the next handed in, the last a draft."""
    world = World()
    _ = world.published, world.handed_in, world.draft
    return world.laos
