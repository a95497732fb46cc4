"""A word that is no command is told with the command that shows what is meant."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sivuvirta.cli.catalogue import COMMANDS
from sivuvirta.cli.commands import commands
from sivuvirta.cli.synonyms import MEANT, meant


def run(*words: str):
    return CliRunner().invoke(commands, [*words], prog_name="sivuvirta")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("tornado", "See 'sivuvirta ranges'."),
        ("Monte_Carlo", "See 'sivuvirta ranges' or 'sivuvirta futures'."),
        ("sobol", "See 'sivuvirta ranges'."),
        ("lca", "See 'sivuvirta lifecycle'."),
        ("carbon", "See 'sivuvirta footprint'"),
        ("import", "See 'sivuvirta check'"),
        ("rangs", "Did you mean 'ranges'"),
        ("tornadoes", "See 'sivuvirta ranges'."),
    ],
)
def test_the_command_that_is_meant_is_named(word, told):
    done = run(word, "three_sites")
    assert done.exit_code == 2
    assert f"No such command '{word}'" in done.stderr
    assert told in done.stderr


def test_a_word_that_means_nothing_here_is_told_as_such():
    done = run("zzzz")
    assert done.exit_code == 2
    assert "No such command 'zzzz'" in done.stderr
    assert "See" not in done.stderr
    assert "Did you mean" not in done.stderr


def test_json_holds_the_hint_too():
    done = run("tornado", "three_sites", "--json")
    assert "See 'sivuvirta ranges'." in json.loads(done.stdout)["error"]["message"]


def test_every_word_leads_to_commands_and_options_that_there_are_and_is_none_itself():
    for word, names in MEANT.items():
        assert word not in COMMANDS
        assert meant(word, COMMANDS).count("sivuvirta ") == len(names)
        for name in names:
            command, _, option = name.partition(" ")
            found = commands.get_command(None, command)
            assert found is not None
            assert not option or any(option in each.opts for each in found.params)
