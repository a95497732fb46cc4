"""The reference page of the commands, written from the commands themselves."""

from __future__ import annotations

import click

from sivuvirta.cli.commands import commands

_INTRO = """# Commands

Written from the commands themselves: `python -m sivuvirta.cli.reference > docs/reference/cli.md`; a test compares.

`REGION` is the name of a bundled region (`sivuvirta regions` lists them), a folder with a data package, an `.xlsx` workbook or a
`.parquet` folder.
`--json` prints machine-readable output on stdout and nothing else; progress and errors go to stderr. An error is JSON on stdout too,
`{"error": {"kind": ..., "message": ...}}`, with all `problems` or `conflicts` where there are some. Amounts are read as people write
them: `10.5`, `10,5`, `1e7`, `"10 000 000"`. Tables and reports appear when all are finished: what is stopped leaves what was there.
Colours follow the terminal and `NO_COLOR`.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | the data have errors (listed), no plan meets all requirements (those that conflict are named), or `convert` would write over a file |
| 2 | a name, file or option does not exist, or a value cannot be read |
| 130 | stopped by Ctrl-C |
"""


def page(group: click.Group) -> str:
    """Text of `docs/reference/cli.md`."""
    parts = [_INTRO]
    above = click.Context(group)
    for name in group.list_commands(above):
        command = group.get_command(above, name)
        if command is not None:
            parts.append(_command(command, click.Context(command, info_name=f"sivuvirta {name}")))
    return "\n".join(parts)


def _command(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [f"## {context.command_path}", "", _words(command.help or ""), "", "```text", usage, "```", ""]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    if options:
        lines += ["| option | meaning |", "|---|---|", *(_option(option) for option in options), ""]
    return "\n".join(lines)


def _option(option: click.Option) -> str:
    takes = "" if option.is_flag else f" {option.metavar or _choices(option)}"
    default = f" Default: `{option.default}`." if option.show_default and option.default is not None else ""
    needed = " Required." if option.required else ""
    return f"| `{', '.join(option.opts)}{takes}` | {option.help or ''}{default}{needed} |"


def _choices(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return "\\|".join(str(choice) for choice in option.type.choices)
    return option.type.name.upper()


def _words(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


if __name__ == "__main__":
    click.echo(page(commands), nl=False)
