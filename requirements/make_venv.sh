#!/bin/sh
# Make a virtual environment in the folder $1 with the first Python that is new enough, or say what is missing.
set -eu

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$python" >/dev/null && "$python" -c "$new_enough"; then
        if "$python" -m venv "$1"; then
            exit 0
        fi
        rm -rf "$1"
        echo "error: $python cannot make a virtual environment." >&2
        echo "       On Debian and Ubuntu: apt-get install python3-venv. Then run make again." >&2
        exit 1
    fi
done
echo "error: Python 3.11 or newer is needed, and none was found." >&2
echo "       Install it, or name one: make PYTHON=/path/to/python3 ..." >&2
exit 1
