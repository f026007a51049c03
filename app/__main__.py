"""`python -m app COMMAND`: everything that the service can be told to do, one module per command in `app/cli`.

Only the module of the command that runs is loaded: `up` stays small while its children do the work.
"""

import sys
from importlib import import_module

import typer

from app.cli import COMMANDS
from app.embedded.faults import PREFIX, ServersFault

HELP = """技市 Jishi:技术交易市场 · an online technology-trading market.

先试试 start with: python -m app up

DATABASE_URL 与 REDIS_URL 指向真实服务器，留空时 up 使用内置的 · they name real servers; without them `up` uses embedded ones.
"""


def _program(chosen: list[str]) -> typer.Typer:
    """The command line with the chosen command loaded, or with all of them for `--help`."""
    program = typer.Typer(
        help=HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    program.callback()(lambda: None)  # without it a single command would lose its name
    for name in chosen if chosen and chosen[0] in COMMANDS else COMMANDS:
        module, short_help = COMMANDS[name]
        program.command(name, short_help=short_help)(import_module(module).command)
    return program


def main(arguments: list[str]) -> None:
    """Run one command; a fault of the servers is one line and exit code 1."""
    try:
        _program(arguments[:1])(args=arguments, prog_name="python -m app")
    except ServersFault as fault:
        print(f"{PREFIX}{fault}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
