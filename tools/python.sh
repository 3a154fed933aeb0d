#!/bin/sh
# Finds Python 3.13, else 3.12, and runs `python -m tools` with the arguments given.
# Interpreters are tried, not looked up: a version manager's shim exists for versions that are not
# installed, and a distribution's python3 may lack the part that makes environments.
cd "$(dirname "$0")/.." || exit 1

complete='import ensurepip, sys, venv; sys.exit("%d.%d" % sys.version_info[:2] != sys.argv[1])'
version='import sys; sys.exit("%d.%d" % sys.version_info[:2] != sys.argv[1])'

# find TEST: prints the first interpreter that passes it.
find() {
    for wanted in 3.13 3.12; do
        for candidate in "python$wanted" python3 python \
            "${PYENV_ROOT:-$HOME/.pyenv}/versions/$wanted"*/bin/python \
            "$HOME/.pyenv/versions/$wanted"*/bin/python; do
            path=$(command -v "$candidate" 2>/dev/null) || continue
            if "$path" -c "$1" "$wanted" >/dev/null 2>&1; then
                echo "$path"
                return 0
            fi
        done
    done
    return 1
}

# by_uv COMMAND...: prints the interpreter that uv knows, after `COMMAND` where one is given.
by_uv() {
    for wanted in 3.13 3.12; do
        if [ $# -gt 0 ]; then "$@" "$wanted" >&2 || continue; fi
        path=$(uv python find --no-project "$wanted" 2>/dev/null) || continue
        if "$path" -c "$complete" "$wanted" >/dev/null 2>&1; then
            echo "$path"
            return 0
        fi
    done
    return 1
}

python=$(find "$complete") || python=
if [ -z "$python" ] && command -v uv >/dev/null 2>&1; then
    python=$(by_uv) || python=
    if [ -z "$python" ] && [ "${UV_PYTHON_DOWNLOADS:-}" != never ]; then
        echo "No Python 3.13 or 3.12 here; uv fetches one." >&2
        python=$(by_uv uv python install) || python=
    fi
fi
if [ -z "$python" ] && bare=$(find "$version"); then
    # Debian and Ubuntu split the part that makes environments into a package of its own.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        name=python$("$bare" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
        DEBIAN_FRONTEND=noninteractive
        export DEBIAN_FRONTEND
        apt-get update -q >&2 && apt-get install -y -q --no-install-recommends "$name" >&2
        python=$(find "$complete") || python=
    fi
    if [ -z "$python" ]; then
        echo "$bare cannot make environments: install its venv package (on Debian and Ubuntu: sudo apt-get install python3-venv), then try again." >&2
        exit 1
    fi
fi
if [ -z "$python" ]; then
    echo "Python 3.13 (or 3.12) is needed and was not found: install it (for example 'pyenv install 3.13' or 'sudo apt-get install python3.13 python3.13-venv'), then try again." >&2
    exit 1
fi
# Images of machines that build set this; each of a dozen processes would compile everything anew.
unset PYTHONDONTWRITEBYTECODE
exec "$python" -m tools "$@"
