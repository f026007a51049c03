"""`python -m app COMMAND`: everything that the service can be told to do, one module per command in `app/cli`.

Only the module of the command that runs is loaded: `up` stays small while its children do the work.
"""

import sys
from importlib import import_module

import typer

from app.embedded import ServersFault

COMMANDS = {
    "up": "app.cli.up",
    "serve": "app.cli.serve",
    "worker": "app.cli.worker",
    "migrate": "app.cli.migrate",
    "openapi": "app.cli.openapi",
    "reset": "app.cli.reset",
}
HELP = """技市 Jishi:技术交易市场 · an online technology-trading market.

先试试 start with: python -m app up
环境变量 environment: DATABASE_URL, REDIS_URL (留空则使用内置服务器 · left out: embedded servers for `up`)
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
        program.command(name)(import_module(COMMANDS[name]).command)
    return program


def main(arguments: list[str]) -> None:
    """Run one command; a fault of the servers is one line and exit code 1."""
    try:
        _program(arguments[:1])(args=arguments, prog_name="python -m app")
    except ServersFault as fault:
        print(f"错误 error: {fault}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
