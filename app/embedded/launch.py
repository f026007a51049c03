"""Becomes a server: leaves root's rights, ties its life to its parent, and runs the server in its own place.

Run as a script (`python -I -S launch.py SIGNAL PARENT UID GID PROGRAM ...`), so that nothing has to happen between
fork and exec of a parent that may have threads. UID and GID are `-` where the rights stay as they are. The tie
(Linux: `PR_SET_PDEATHSIG`) is made after the change of user, because that change would undo it.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to_parent(death_signal: int, parent: int) -> None:
    """Have the kernel send `death_signal` to this process once its parent is gone, however the parent ended."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:  # the parent was gone before the tie was made
        os.kill(os.getpid(), death_signal)


def main(arguments: list[str]) -> None:
    """Change the user if told to, reset signals, tie, exec."""
    death_signal, parent, uid, gid, *program = arguments
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)  # a parent may have some ignored, and that is inherited
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    tie_to_parent(int(death_signal), int(parent))
    os.execv(program[0], program)


if __name__ == "__main__":
    main(sys.argv[1:])
