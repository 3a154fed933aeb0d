"""Archives: whether what is stored is whole, and .zip files of old papers with their index.

`check` reads what is stored; `container` and `index` read a .zip that somebody sends, and
`keeping` keeps it until all of it is taken in. What its rows mean, the app above says.
"""

from records.archive.checking import Broken, check

__all__ = ["Broken", "check"]
