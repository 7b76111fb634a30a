"""Reports against rows written by hand."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from consortia.bench.comparing import Known, cases, contradictions, read_best_known, standing, virtual
from consortia.bench.plots import draw
from consortia.bench.report import Comparison, compare, write_files
from consortia.bench.rows import Row
from consortia.errors import SpecError
from consortia.language import language
from consortia.report.pages import page_file

LIMIT = 10.0


def row(instance: str, solver: str, cost: float | None, bound: float | None, seconds: float, **more: object) -> Row:
    proved = seconds if cost is not None and cost == bound else None
    trace = () if cost is None and bound is None else ((seconds, cost, bound),)
    status = "optimal" if proved is not None else "unknown" if cost is None else "feasible"
    made = Row(instance, solver, LIMIT, 0, instance, status=status, cost=cost, bound=bound, proved=proved, trace=trace)
    return replace(made, seconds=seconds, cores=2, **more)  # type: ignore[arg-type]


def markdown(found: Comparison, lang: str = "en") -> str:
    return str(page_file("md", language(lang), found.write))


ROWS = [
    row("one", "fast", 100, 100, 2.0, memory=50.0),
    row("one", "slow", 100, 100, 8.0, memory=70.0),
    row("two", "fast", 80, 60, 10.0, overrun=0.4),
    row("two", "slow", 100, 75, 10.0),
]


def test_standings_worked_out_by_hand() -> None:
    among, left_out = cases(ROWS, {})
    assert left_out == 0
    fast, slow, best = standing("fast", among), standing("slow", among), virtual(["fast", "slow"], among)
    # (2 + 1) (10 + 1) = 33, (8 + 1) (10 + 1) = 99
    assert fast.seconds == pytest.approx(33**0.5 - 1)
    assert slow.seconds == pytest.approx(99**0.5 - 1)
    assert best.seconds == pytest.approx(33**0.5 - 1)
    assert [(one.taken, one.proved, one.found, one.at_best) for one in (fast, slow, best)] == [
        (2, 1, 2, 2),
        (2, 1, 2, 1),
        (2, 1, 2, 2),
    ]
    # 100 against the best, 80; bounds of 60 to 80 and 75 to 100
    assert (fast.cost_gap, slow.cost_gap, best.cost_gap) == pytest.approx((0, 0.1, 0))
    assert (fast.proven_gap, slow.proven_gap, best.proven_gap) == pytest.approx((0.125, 0.125, 0.125))
    assert (fast.primal, slow.primal, best.primal) == pytest.approx(((2 + 10) / 2, (8 + 10) / 2, (2 + 10) / 2))
    assert (fast.overrun, fast.memory, slow.memory) == (0.4, 50.0, 70.0)


def test_a_best_known_cost_from_elsewhere_is_the_reference() -> None:
    among, _ = cases(ROWS, {"two": Known(60.0)})
    assert standing("fast", among).at_best == 1
    assert standing("fast", among).cost_gap == pytest.approx(0.25 / 2)
    rounded, _ = cases(ROWS, {"two": Known(79.996, 0.005)})
    assert standing("fast", rounded).at_best == 2


def test_a_proof_after_the_limit_is_none() -> None:
    late = [row("one", "late", 5, 5, 10.71), row("two", "late", 5, 5, 10.6)]
    among, _ = cases(late, {})
    found = standing("late", among)
    assert (found.proved, found.seconds) == (1, pytest.approx(10))


def test_the_last_of_several_rows_of_a_run_counts() -> None:
    among, _ = cases([replace(ROWS[0], status="error", cost=None, proved=None), *ROWS], {})
    assert standing("fast", among).proved == 1


def test_only_what_every_solver_was_given_is_compared() -> None:
    among, left_out = cases([*ROWS, row("three", "fast", 1, 1, 1.0)], {})
    assert ([case.instance for case in among], left_out) == (["one", "two"], 1)
    among, left_out = cases(ROWS, {}, "t*")
    assert [case.instance for case in among] == ["two"]


def test_refusals_count_as_the_limit_and_have_a_table_without_them() -> None:
    refused = [Row("one", "picky", LIMIT, 0, "one", status="refused"), row("two", "picky", 80, 80, 1.0)]
    found = compare(
        [*ROWS, *refused, Row("one", "absent", LIMIT, 0, "one", status="unavailable", reason="no licence")], {}
    )
    assert found.absent == {"absent": "no licence"}
    picky = next(one for one in found.standings if one.solver == "picky")
    assert (picky.taken, picky.proved) == (1, 1)
    assert picky.seconds == pytest.approx(22**0.5 - 1)
    assert next(one for one in found.shared if one.solver == "picky").seconds == pytest.approx(1)
    assert "no licence" in markdown(found)


def test_claims_that_cannot_both_be_true_are_shown() -> None:
    liar = [row("one", "liar", None, 101, 3.0), Row("two", "liar", LIMIT, 0, "two", status="infeasible", proved=1.0)]
    among, _ = cases([*ROWS, *liar], {})
    found = [str(sentence) for sentence in contradictions(among, {})]
    assert len(found) == 3
    assert sum("the bound 101 of liar is above the cost of" in sentence for sentence in found) == 2
    assert sum("two: liar says infeasible" in sentence for sentence in found) == 1
    assert contradictions(cases(ROWS, {})[0], {"one": Known(99.0)}) != []
    assert contradictions(cases(ROWS, {})[0], {"one": Known(99.6, 0.5)}) == []


def test_infeasible_questions_have_a_time_and_no_gap() -> None:
    rows = [Row("none", name, LIMIT, 0, "none", status="infeasible", proved=1.0) for name in ("a", "b")]
    among, _ = cases(rows, {})
    found = standing("a", among)
    assert (found.proved, found.found, found.cost_gap, found.primal) == (1, 0, None, None)
    assert found.seconds == pytest.approx(1)
    assert "| a | 0 |  |  |  |  |" in markdown(compare(rows, {}))


def test_where_nobody_found_anything_the_gaps_are_whole() -> None:
    nothing = [row("hard", "fast", None, None, 10.0), row("hard", "slow", None, 40, 10.0)]
    for found in compare(nothing, {}).standings:
        assert (found.cost_gap, found.proven_gap, found.primal, found.dual) == (1.0, 1.0, LIMIT, LIMIT)
    among, _ = cases([*ROWS, *nothing], {})
    assert standing("fast", among).cost_gap == pytest.approx((0 + 0 + 1) / 3)


def test_questions_without_a_consortium_are_left_out_of_gaps_aloud() -> None:
    none = [Row("none", name, LIMIT, 0, "none", status="infeasible", proved=1.0) for name in ("fast", "slow")]
    found = compare([*ROWS, *none], {})
    assert found.standings[0].cost_gap == 0.0
    assert found.standings[1].cost_gap == pytest.approx(0.1)
    assert "of gaps and integrals, questions that are proven to have no consortium: 1" in markdown(found)


def test_files_are_written_and_can_be_the_best_known_ones_later(tmp_path: Path) -> None:
    found = compare(ROWS, {})
    written = write_files(found, tmp_path, language("en"))
    assert [path.name for path in written] == ["report.md", "solvers.csv", "instances.csv"]
    known = read_best_known(tmp_path / "instances.csv")
    assert known == {"one": Known(100.0), "two": Known(80.0)}
    with (tmp_path / "instances.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["proven_optimal"] for line in lines] == ["proved", "no"]
    assert [line["fast seconds to proof"] for line in lines] == ["2.0", ""]
    with (tmp_path / "solvers.csv").open(encoding="utf-8", newline="") as stream:
        assert [line["solver"] for line in csv.DictReader(stream)] == ["fast", "slow", "virtual best"]
    assert "| fast | 2 | 1 | 2 | 0 | 4.74 | 1.00 | 0.4 | 50 |" in (tmp_path / "report.md").read_text(encoding="utf-8")
    json.dumps(found.data())


def test_best_known_costs_know_how_they_were_rounded(tmp_path: Path) -> None:
    table = tmp_path / "known.csv"
    table.write_text("file,shape,best_known\nscp/scp41.txt,200x1000,429\norlib/p8,x,1034976.98\n", encoding="utf-8")
    assert read_best_known(table) == {"scp/scp41.txt": Known(429.0), "orlib/p8": Known(1034976.98, 0.005)}


@pytest.mark.parametrize("text", ["", "a,b\n", "a,b\n1,2\n", "file,best_known\nx,much\n"])
def test_other_tables_are_refused(tmp_path: Path, text: str) -> None:
    table = tmp_path / "known.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError):
        read_best_known(table)


def test_a_table_that_is_not_there_is_not_called_a_wrong_one(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="there is no such file"):
        read_best_known(tmp_path / "nope.csv")


def test_nothing_to_compare_is_said() -> None:
    for limit in (None, 5.0):
        with pytest.raises(SpecError, match="Run consortia bench first"):
            compare([], {}, limit=limit)


def test_rows_under_different_limits_are_told_from_missing_ones() -> None:
    rows = [replace(ROWS[0], solver="auto", limit=1.0), ROWS[0], ROWS[1]]
    with pytest.raises(SpecError, match=r"under one limit \(in seconds, auto: 1; fast: 10; slow: 10\)"):
        compare(rows, {})
    with pytest.raises(SpecError, match="under one limit"):
        compare(ROWS, {}, limit=3.0)
    assert compare(rows, {}, limit=LIMIT).solvers == ["fast", "slow"]
    with pytest.raises(SpecError, match="Run consortia bench first"):
        compare([ROWS[0], ROWS[3]], {}, limit=LIMIT)


def test_all_versions_that_a_package_had_are_told() -> None:
    rows = [
        row("one", "a", 5, 5, 1.0, versions={"consortia": "0.2", "ortools": "9"}),
        row("two", "a", 5, 5, 1.0, versions={"consortia": "0.1", "ortools": "9"}),
    ]
    assert compare(rows, {}).versions == {"consortia": "0.1/0.2", "ortools": "9"}


def test_the_virtual_best_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    rows = [row(name, solver, 5, 5, 1.0) for name in ("one", "two") for solver in ("a", "b")]
    draw(compare(rows, {}), tmp_path)
    for stem in ("profile", "gaps"):
        assert "virtual best" in (tmp_path / f"{stem}.svg").read_text(encoding="utf-8")


def test_the_report_is_written_in_the_language_asked_for(tmp_path: Path) -> None:
    none = [Row("none", name, LIMIT, 0, "none", status="infeasible", proved=1.0) for name in ("fast", "slow")]
    liar = [
        row("one", "slow", None, 101, 3.0, versions={"ortools": "9"}),
        *(row(f"q{n}", "fast", 1, 1, 1.0) for n in "12"),
    ]
    bad = [Row(f"bad{n}", name, LIMIT, 0, "x", status="crashed") for n in range(11) for name in ("fast", "slow")]
    write_files(compare([*ROWS, *none, *liar, *bad], {}), tmp_path, language("ru"))
    told = (tmp_path / "report.md").read_text(encoding="utf-8")
    data = {"fast", "slow", "virtual", "best", "one", "bad", "crashed", "ortools"}
    assert set(re.findall(r"[A-Za-z]{2,}", told)) == data
