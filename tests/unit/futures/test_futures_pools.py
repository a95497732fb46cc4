"""Where draws are solved changes no byte; a run that was killed goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from distributed import LocalCluster
from tests.engine.worlds import matched
from tests.ensemble_worlds import EXACT, ranged

from sivuvirta.domain.ensembles import EnsembleOptions, Where
from sivuvirta.errors import OptionError, ReadError, SolverError
from sivuvirta.futures.ensemble.running import ensemble
from sivuvirta.ledger.reference import reference

SEED = 11
DRAWS = 60  # twelve chunks of five
FREE = EnsembleOptions(draws=DRAWS, builds="free")

KILLED = """
import os, signal, sys
from sivuvirta.domain.ensembles import EnsembleOptions, Where
from sivuvirta.futures.ensemble.running import ensemble
from sivuvirta.ledger.reference import reference
from tests.engine.worlds import matched
from tests.ensemble_worlds import EXACT, ranged

told = []
def tell(text):
    told.append(text)
    if len(told) == 3:  # none, then two chunks
        os.kill(os.getpid(), signal.SIGKILL)

matches = matched(ranged(11))
ensemble(matches, reference(matches.links), EXACT, EnsembleOptions(draws=60, builds="free"), Where(processes=1, folder=sys.argv[1]), tell)
"""


@pytest.fixture(scope="module")
def matches():
    return matched(ranged(SEED))


def run(matches, where, asked=FREE, tell=None):
    return ensemble(matches, reference(matches.links), EXACT, asked, where, tell)


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def alone(matches, tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone") / "run"
    return run(matches, Where(processes=1, folder=str(folder))), files(folder)


def test_two_processes_give_the_same_bytes(matches, alone, tmp_path):
    found = run(matches, Where(processes=2, folder=str(tmp_path / "run")))
    assert files(tmp_path / "run") == alone[1]
    assert found.potential.draws.equals(alone[0].potential.draws)
    assert found.potential.inputs.equals(alone[0].potential.inputs)


def test_a_cluster_gives_the_same_bytes(matches, alone, tmp_path):
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        found = run(matches, Where(scheduler=cluster.scheduler_address, folder=str(tmp_path / "run")))
    assert files(tmp_path / "run") == alone[1]
    assert found.potential.draws.equals(alone[0].potential.draws)


def test_a_killed_run_goes_on_and_gives_the_same_bytes(matches, alone, tmp_path):
    folder = tmp_path / "run"
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert 0 < len([name for name in files(folder) if name.endswith(".npz")]) < alone[0].chunks
    found = run(matches, Where(processes=1, folder=str(folder)))
    assert (found.done_before, found.kept) == (2, 10)
    assert files(folder) == alone[1]
    assert found.potential.figures.equals(alone[0].potential.figures)


ORPHANED = """
import os, signal, sys
from sivuvirta.domain.ensembles import EnsembleOptions, Where
from sivuvirta.futures.ensemble.running import ensemble
from sivuvirta.ledger.reference import reference
from tests.engine.worlds import matched
from tests.ensemble_worlds import EXACT, ranged

told = []
def tell(text):
    told.append(text)
    if len(told) == 2:
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))

if __name__ == "__main__":
    matches = matched(ranged(11))
    asked = EnsembleOptions(draws=3000, builds="free")
    ensemble(matches, reference(matches.links), EXACT, asked, Where(processes=2), tell)
"""


@pytest.mark.parametrize(("sent", "code"), [("SIGKILL", -signal.SIGKILL), ("SIGINT", -signal.SIGINT)])
def test_processes_end_with_the_one_that_started_them(tmp_path, sent, code):
    """They hold its stdout and stderr, so that reading these ends only when the last of them has; and they say nothing themselves."""
    script = tmp_path / "script.py"
    script.write_text(ORPHANED, encoding="utf-8")
    command = [sys.executable, str(script), sent]
    found = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, start_new_session=True, env=found)
    assert done.returncode == code, done.stderr
    assert "Process Spawn" not in done.stderr
    assert done.stderr.count("Traceback") == (1 if sent == "SIGINT" else 0)


def test_how_far_the_draws_are_is_told_from_the_start(matches):
    told = []
    run(matches, Where(processes=1), EnsembleOptions(draws=12, builds="free"), told.append)
    assert told[:4] == ["0 of 12 draws (draws)", "5 of 12 draws (draws)", "10 of 12 draws (draws)", "12 of 12 draws (draws)"]


def test_what_is_there_is_not_done_again(matches, alone, tmp_path):
    folder = tmp_path / "run"
    run(matches, Where(processes=1, folder=str(folder)))
    told = []
    again = run(matches, Where(processes=1, folder=str(folder)), tell=told.append)
    assert told == []
    assert again.done_before == again.chunks


def test_a_folder_of_something_else_is_refused(matches, alone, tmp_path):
    folder = tmp_path / "run"
    run(matches, Where(processes=1, folder=str(folder)), EnsembleOptions(draws=10))
    with pytest.raises(OptionError, match="another ensemble: task, draws, options differ"):
        run(matches, Where(processes=1, folder=str(folder)), EnsembleOptions(draws=10, seed=2))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(OptionError, match="is not empty"):
        run(matches, Where(processes=1, folder=str(tmp_path / "full")), EnsembleOptions(draws=10))
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(ReadError, match="is no manifest"):
        run(matches, Where(processes=1, folder=str(folder)), EnsembleOptions(draws=10))


def test_a_scheduler_that_does_not_answer_is_told(matches):
    with pytest.raises(SolverError, match=r"No Dask scheduler answers at .tcp://127\.0\.0\.1:1"):
        run(matches, Where(scheduler="tcp://127.0.0.1:1"), EnsembleOptions(draws=2))
