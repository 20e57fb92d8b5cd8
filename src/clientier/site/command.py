"""The command line: `clientier run`, `clientier score` and the rest; imports wait until they are needed."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Sequence

from clientier.site.halt import Halt

# Our name for it: the Django management command behind it, and what it is for.
DELEGATED = {
    "migrate": ("prepare", "bring the tables of the database up to date"),
    "import": ("import_file", "read customers, contacts, products, orders or costs from a file"),
    "value-run": ("value_run", "compute the value of every customer now"),
    "duplicates": ("search_duplicates", "look for customers that are kept twice"),
    "createuser": ("createuser", "make an account that can sign in"),
    "token": ("token", "make an API token for an account"),
    "ledger": ("ledger", "verify that the ledger is as it was posted and that every open amount adds up"),
    "audit": ("audit", "verify that nobody changed, removed or inserted an entry of the audit"),
    "keys": ("keys", "show or renew the keys of encrypted values"),
    "work": ("work", "do waiting jobs; `run` starts a worker by itself"),
    "check": ("check", "look for mistakes in the configuration"),
}
# Commands on files alone: the module with `add_arguments` and `run`, and what it is for.
ON_FILES = {
    "score": ("clientier.site.score", "score the customers in a file of orders; no server, no database"),
    "validate": ("clientier.site.validate", "tell from their own past whether to believe those scores"),
    "whatif": ("clientier.site.whatif", "tell who moves under other boundaries, prices, rates and service"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code. Errors are sentences, unless --traceback asks for more."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    with_traceback = "--traceback" in words
    try:
        if words and words[0] in DELEGATED:
            return _delegate(DELEGATED[words[0]][0], words)
        parsed = _parser(words[0] if words else "").parse_args(words)
        return int(parsed.act(parsed))
    except KeyboardInterrupt:
        return 130
    except Halt as halt:
        if with_traceback:
            raise
        print(halt, file=sys.stderr)
        return halt.exit_code
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser(first_word: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="clientier",
        description="Clientier: a self-hosted CRM that knows which customers matter.",
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=24),
        epilog="Every command has its own --help. The environment variables: docs/operations.md.",
    )
    commands = parser.add_subparsers(title="commands", metavar="command [options]", required=True)

    run = commands.add_parser("run", help="start everything: database, web server, worker")
    stop = commands.add_parser("stop", help="stop what runs on the same data folder")
    on_files = {name: commands.add_parser(name, help=purpose) for name, (_, purpose) in ON_FILES.items()}
    for name, (_, purpose) in DELEGATED.items():
        commands.add_parser(name, help=purpose, add_help=False)
    for command in (run, stop, *on_files.values()):
        command.add_argument("--traceback", action="store_true", help="show where an error came from")
    run.set_defaults(act=_run)
    stop.set_defaults(act=_stop)
    if first_word == "run":
        from clientier.site.launch.run import add_arguments  # imported for this command alone

        add_arguments(run)
    if first_word in ON_FILES:
        module = importlib.import_module(ON_FILES[first_word][0])  # imported for this command alone
        module.add_arguments(on_files[first_word])
        on_files[first_word].set_defaults(act=module.run)
    return parser


def _run(arguments: argparse.Namespace) -> int:
    from clientier.site.launch.run import run  # imported for this command alone

    return run(arguments)


def _stop(_arguments: argparse.Namespace) -> int:
    from clientier.site.launch.stop import stop  # imported for this command alone

    return stop()


def _delegate(command: str, words: list[str]) -> int:
    """Hand the words to a Django management command, with a database that is up for as long as it takes."""
    from clientier.site.embedded import lease  # imported for these commands alone
    from clientier.site.home import home

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientier.site.settings")
    with contextlib.ExitStack() as stack:
        if not os.environ.get("CLIENTIER_DATABASE_URL") and not {"-h", "--help"} & set(words):
            os.environ["CLIENTIER_DATABASE_URL"] = stack.enter_context(lease.database(home()))
            stack.callback(os.environ.pop, "CLIENTIER_DATABASE_URL")
        return _call(command, words)


def _call(command: str, words: list[str]) -> int:
    import django  # imported for these commands alone
    from django.core.management import ManagementUtility, get_commands
    from django.core.management.base import CommandError
    from django.db import DatabaseError, connections

    django.setup()
    if command not in get_commands():
        raise Halt(f"This installation has no command `clientier {words[0]}`.")
    options = [word for word in words[1:] if word != "--traceback"]
    utility = ManagementUtility(["clientier", command, *options])
    loaded = utility.fetch_command(command)
    parser = loaded.create_parser("clientier", words[0])
    try:
        chosen = vars(parser.parse_args(options))
        positional = chosen.pop("args", ())
        loaded.execute(*positional, **chosen)
    except (CommandError, DatabaseError) as error:
        if "--traceback" in words:
            raise
        raise Halt(f"clientier {words[0]}: {error}", exit_code=getattr(error, "returncode", 1)) from error
    finally:
        connections.close_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
