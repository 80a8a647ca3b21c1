"""Runs Python programs often that take long to load: a keeper loads them once, and every run is a fork of it.

    python -S -E warm.py SOCKET PROGRAM ARG… ── arguments, environment, folder, stdin, stdout, stderr ──> keeper ── fork
    <── exit status ─────────────────────────────────────────────────────────────────────────────────────── the program

What runs is the program as it is on disk, in a process of its own; only its imports are there already. It ends when
what asked for it ends. The keeper is `warm.py --keep SOCKET PROGRAM…` and says `ready`.
"""

import os
import socket
import sys


def ask(keeper: str, program: list[str]) -> int:
    """Have a program run on this process's own stdin, stdout and stderr; return its exit status."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(keeper)
        environment = [f"{name}={value}" for name, value in os.environ.items()]
        told = "\0".join([os.getcwd(), str(len(program)), *program, *environment]).encode(errors="surrogateescape")  # noqa: PTH109 # pathlib takes long to load
        socket.send_fds(connection, [len(told).to_bytes(4, "big")], [0, 1, 2])
        connection.sendall(told)
        for descriptor in (0, 1, 2):
            os.close(descriptor)  # else this process would keep the pipes open that the program closes
        status = connection.recv(1)
    return status[0] if status else 1


def keep(address: str, programs: list[str]) -> None:
    """Load the programs, then run one for each connection."""
    import gc
    import signal

    for program in programs:
        _run([program], "loaded")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(64)
        gc.freeze()
        print("ready", flush=True)
        while True:
            connection, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _become(connection)
            connection.close()


def _run(arguments: list[str], name: str) -> None:
    import runpy

    sys.argv = arguments
    sys.path.insert(0, arguments[0].rpartition("/")[0])
    runpy.run_path(arguments[0], run_name=name)


def _become(connection: socket.socket) -> None:
    """Be the program that is asked for, to the end."""
    import threading

    arguments = _told(connection)
    threading.Thread(target=_end_with_who_asked, args=(connection,), daemon=True).start()
    status = 0
    try:
        _run(arguments, "__main__")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as fault:  # the program's top level, as Python's own would have it
        sys.excepthook(type(fault), fault, fault.__traceback__)
        status = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        connection.send(bytes([status & 255]))
    finally:
        os._exit(status & 255)


def _told(connection: socket.socket) -> list[str]:
    """Take on what the one who asks has: stdin, stdout, stderr, folder, environment; return the arguments."""
    size, descriptors, _, _ = socket.recv_fds(connection, 4, 3)
    for own, given in enumerate(descriptors):
        os.dup2(given, own)
        os.close(given)
    told = b""
    while len(told) < int.from_bytes(size, "big"):
        told += connection.recv(65536)
    folder, count, *words = told.decode(errors="surrogateescape").split("\0")
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(word.split("=", 1) for word in words[int(count) :])
    return words[: int(count)]


def _end_with_who_asked(connection: socket.socket) -> None:
    connection.recv(1)
    os._exit(1)


if __name__ == "__main__":
    if sys.argv[1] == "--keep":
        keep(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(ask(sys.argv[1], sys.argv[2:]))
