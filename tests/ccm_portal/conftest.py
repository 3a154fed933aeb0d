"""What the tests of the public pages speak of."""

from collections.abc import Iterator

import pytest

from ccm_portal.front.watch import Watch
from states.models import State
from tests.ccm_portal.web import Portal
from tests.matrix import World


@pytest.fixture
def world_of_reports(db: None) -> State:
    """Lao PDR's report on 2023, published on 2 May 2024; the next handed in, the last a draft."""
    world = World()
    _ = world.published, world.handed_in, world.draft
    return world.laos


@pytest.fixture
def portal(transactional_db: None) -> Iterator[Portal]:
    """The portal with its page cache on, over a database with real commits.

    On a busy machine the reading of the generation may come late, and then nothing is answered
    from the cache. Tests of what is kept wait for it longer than the portal does.
    """
    made = Portal(watch=Watch(sure_for=60))
    yield made
    made.front.close()


@pytest.fixture
def strict(transactional_db: None) -> Iterator[Portal]:
    """The portal as it is, for tests of how old a page may be."""
    made = Portal()
    yield made
    made.front.close()


@pytest.fixture
def lao_pdr(transactional_db: None, laos: State) -> State:
    """Lao PDR, committed."""
    return laos
