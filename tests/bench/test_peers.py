"""Raw solvers agree with ours wherever they are installed, and what they claim is held against the checker."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from peers import PEERS, main
from raw.contestant import Peer
from sets import project

from consortia import solve
from consortia.bench.child import Task, measure
from consortia.bench.rows import Row
from consortia.bench.sources import FromFile, Made
from consortia.checking import verify
from consortia.errors import SolverRefused, SolverUnavailable
from consortia.instance import Instance
from consortia.posing import pose

PLAIN = Made("cover", "cover", 3, (("partners", 25), ("capabilities", 15)))
QUESTIONS = {
    "cover": PLAIN,
    "two holders": Made("holders", "cover", 1, (("partners", 20), ("capabilities", 12), ("holders", 2))),
    "split": Made("split", "sourcing", 1, (("partners", 6), ("capabilities", 5), ("split", True))),
    "everything": Made("everything", "consortium", 2, (("partners", 20), ("capabilities", 8))),
    "infeasible": Made("infeasible", "consortium", 1, (("partners", 12), ("capabilities", 6), ("infeasible", True))),
}
PROVING = [name for name in PEERS if name not in ("pycft", "set-cover")]


def there(peer: Peer) -> None:
    try:
        import_module(f"raw.{peer.module}")
    except ImportError as error:
        pytest.skip(f"{error.name} is not installed")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", PROVING)
def test_peers_prove_what_we_prove(name: str, question: str) -> None:
    there(PEERS[name])
    instance = QUESTIONS[question].instance()
    told: list[tuple[object, object]] = []
    try:
        found = PEERS[name].answer(instance, 60.0, 0, lambda cost, bound: told.append((cost, bound)))
    except (SolverRefused, SolverUnavailable) as error:
        pytest.skip(str(error))
    ours = solve(instance, solver="cpsat")
    assert ours.status.value in ("optimal", "infeasible")
    if ours.cost is None:
        assert (found.status, found.consortium) == ("infeasible", None)
        return
    assert callable(found.consortium)
    verification = verify(instance, found.consortium())
    assert verification.valid
    assert (instance.money(verification.cost), found.bound) == (ours.cost, ours.cost)
    for cost, bound in told:
        assert cost is None or cost >= float(ours.cost) - 1e-6
        assert bound is None or bound <= float(ours.cost) + 1e-6


@pytest.mark.parametrize("name", ["pycft", "set-cover"])
def test_methods_for_plain_cover_take_nothing_else(name: str) -> None:
    there(PEERS[name])
    for question in ("two holders", "split", "everything"):
        with pytest.raises(SolverRefused, match="plain cover only"):
            PEERS[name].answer(QUESTIONS[question].instance(), 1.0, 0, lambda cost, bound: None)
    instance = PLAIN.instance()
    found = PEERS[name].answer(instance, 1.0, 0, lambda cost, bound: None)
    assert callable(found.consortium)
    verification = verify(instance, found.consortium())
    least = solve(instance, solver="cpsat").cost
    assert least is not None
    assert verification.valid and instance.money(verification.cost) >= least
    assert found.bound is None or found.bound <= least


def test_a_row_of_a_peer_is_a_row_like_ours(tmp_path: Path) -> None:
    task = Task(Row(PLAIN.name, "highs", 60.0), PLAIN, PEERS["highs"], str(tmp_path / "log"))
    sent: list[str] = []
    row = measure(task, lambda message: sent.append(message[0]))
    assert (row.status, row.cost) == ("optimal", solve(PLAIN.instance(), solver="cpsat").cost)
    assert row.certified and row.solved and row.late_imports == ()
    assert sent[:2] == ["known", "began"] and sent[-1] == "answered"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--time-limit", "nan"], "not a finite number"),
        (["--time-limit", "-1"], "not in the range"),
        (["--grace", "inf"], "not a finite number"),
        (["--seed", "-1"], "not in the range"),
        (["--solver", "cpsat,workers"], "not of the form NAME=VALUE"),
        (["--solver", "cpsat,foo=1"], "does not take the option 'foo'"),
        (["--solver", "nobody"], "no solver called 'nobody'"),
        (["-o", __file__], "this is a file"),
    ],
)
def test_wrong_use_is_refused_as_by_bench(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    question = tmp_path / "cover.txt"
    question.write_text("1 1\n5\n1\n1\n", encoding="ascii")
    output = tmp_path / "results"
    try:
        code = main([str(question), "--peer", "highs", "-o", str(output), *arguments])
    except SystemExit as error:  # as argparse ends
        code = error.code
    assert (code, output.exists()) == (2, False)
    assert reason in capsys.readouterr().err


def test_sets_written_as_files_are_the_same_questions(tmp_path: Path) -> None:
    for source in (QUESTIONS["everything"], QUESTIONS["split"]):
        assert isinstance(source, Made)
        assert pose(project(source)).fingerprint() == source.instance().fingerprint()
    file = tmp_path / "cover.txt"
    file.write_text("3 4\n5 6 7 20\n3\n1 2 4\n2\n2 3\n1\n4\n", encoding="ascii")
    twice = FromFile("twice", file, "orlib-scp", holders=2)
    instance: Instance = pose(project(twice))
    assert instance.least_providers.tolist() == [2, 2, 1]
    # 2 and 3 for the second row; 4 for the third, which with 2 is enough for the first
    assert solve(instance, solver="cpsat").cost == solve(twice.instance(), solver="cpsat").cost == Decimal(33)
