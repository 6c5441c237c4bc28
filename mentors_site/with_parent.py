"""Becomes a program that ends when the process that started it ends, however that ends, also when it is killed:

    python mentors_site/with_parent.py PROGRAM [ARGUMENT ...]

The system sends the signal (prctl(2), PR_SET_PDEATHSIG), so nothing has to watch, and it stays with the program that this
process becomes. That is Linux alone; elsewhere the program runs all the same, and only an orderly end ends it.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # It may have ended in between, and then no signal comes.
    if os.getppid() != parent:
        sys.exit(f"{sys.argv[1]}: what started it has ended")


if __name__ == "__main__":
    if sys.platform == "linux":
        end_with_parent()
    os.execv(sys.argv[1], sys.argv[1:])
