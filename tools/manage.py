"""Runs a management command against the copy of the portal on DATA, running or not."""

import sys

from tools import site

if __name__ == "__main__":
    with site.reachable() as environment:
        status = site.manage(sys.argv[1:], environment)
    sys.exit(status)
