"""Who has a page open at the moment: told to the others at it, kept for a minute only."""

import time

from django.core.cache import cache

from states.models import User

# A page says every half minute that it is open; who has not said so for longer has left.
LASTS = 75  # seconds


def arrive(place: str, user: User) -> list[str]:
    """The person is at `place` now; returns the names of the others who are, in order of name.

    `place` names what is worked on ("report/12/clearance"). A lost mark costs a hint, nothing else:
    what two people save is held apart by the stale check of whatever they save.
    """
    key, now = f"presence/{place}", time.time()
    seen = {who: mark for who, mark in (cache.get(key) or {}).items() if mark[1] > now - LASTS}
    seen[str(user.pk)] = (str(user), now)
    cache.set(key, seen, LASTS)
    return sorted(name for who, (name, _at) in seen.items() if who != str(user.pk))
