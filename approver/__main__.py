"""The command `approver`. `connect` goes its own short way: it is what clients start, and must be up at once."""

import sys


def main() -> int:
    """Run the command line; returns the exit status."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["connect"]:
        from approver.connect import main as connect

        return connect(arguments[1:])
    from approver.cli.main import main as command

    return command(arguments)


if __name__ == "__main__":
    sys.exit(main())
