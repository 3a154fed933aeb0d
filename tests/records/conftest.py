"""The stages, the mailbox and the practice that tests of letters speak of."""

import pytest

from records import letters
from records.models import Stage
from states.models import Contact, Practice, State
from tests import factories


@pytest.fixture
def stages(db: None) -> None:
    """The stages as they ship: every letter is held."""
    letters.ship_stages()


@pytest.fixture
def released_before(db: None) -> None:
    """Somebody has confirmed the first release of this site."""
    Practice.objects.create(key=Practice.Key.FIRST_RELEASE, value="yes")


@pytest.fixture
def mailbox(laos: State) -> Contact:
    """The mailbox that Lao PDR has named for its reports."""
    return factories.ContactFactory(state=laos, email="art7@mofa.example.org")


@pytest.fixture
def free(stages: None, released_before: None) -> None:
    """No letter waits for a person."""
    Stage.objects.update(held=False)
