"""Many projects by the command line: one line each, whatever is wrong with some, and however often it was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from running import LIMIT, Here, environment

from consortia import solve
from consortia.many import sharing

POOL = {
    "partners": [
        {
            "id": f"p{number}",
            "joining_cost": number + 1,
            "offers": [{"competence": f"c{k}", "rate": 10 + number} for k in range(6) if (7 * number + 3 * k) % 4],
        }
        for number in range(12)
    ]
}
BAD, IMPOSSIBLE = 3, 5


def project(number: int) -> dict[str, Any]:
    capabilities = [{"id": f"c{number % 6}", "effort": 1 + number % 3}, {"id": f"c{(number + 1) % 6}"}]
    made: dict[str, Any] = {"title": f"t{number}", "cooperation": "any", "capabilities": capabilities}
    if number == BAD:
        made["colour"] = "red"
    if number == IMPOSSIBLE:
        made["budget"] = 1
    return made


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    path = tmp_path / "pool.json"
    path.write_text(json.dumps(POOL), encoding="utf-8")
    return path


def lines(path: Path, count: int) -> Path:
    path.write_text("".join(json.dumps(project(number)) + "\n" for number in range(count)), encoding="utf-8")
    return path


def records(path: Path) -> dict[str, dict[str, Any]]:
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({record["project"] for record in found}) == len(found), "a project is there twice"
    return {record["project"]: record for record in found}


def test_each_line_is_the_outcome_of_its_project(here: Here, pool: Path, tmp_path: Path) -> None:
    asked, output = lines(tmp_path / "ask.jsonl", 8), tmp_path / "out.jsonl"
    ended = here("batch", asked, "--pool", pool, "-o", output, "--workers", 2)
    assert ended.code == 2 and ended.out == ""
    assert "8 of 8 projects: proven: 6, with a gap: 0, infeasible: 1, nothing found: 0, errors: 1" in ended.err
    found = records(output)
    assert list(next(iter(found.values())))[:3] == ["project", "question", "format"]
    for number in range(8):
        record = found[f"{asked}:{number + 1}"]
        if number == BAD:
            (problem,) = record["problems"]
            assert "colour" in problem["place"] and problem["file"] == f"{asked}:{BAD + 1}"
            continue
        alone = solve(project(number), POOL)
        assert {key: record[key] for key in ("status", "cost", "bound", "instance")} == {
            key: alone.to_dict()[key] for key in ("status", "cost", "bound", "instance")
        }


def test_brief_lines_are_those_of_others_without_who_was_left_out(here: Here, pool: Path, tmp_path: Path) -> None:
    asked, whole, brief = lines(tmp_path / "ask.jsonl", 8), tmp_path / "whole.jsonl", tmp_path / "brief.jsonl"
    here("batch", asked, "--pool", pool, "-o", whole, "--workers", 1, "--forbid", "p5")
    here("batch", asked, "--pool", pool, "-o", brief, "--workers", 1, "--forbid", "p5", "--brief")
    found = records(brief)
    assert any(record.get("excluded") for record in records(whole).values())
    for name, record in records(whole).items():
        if "excluded" in record:
            assert found[name]["excluded"] is None
            differ = ("excluded", "seconds", "members")  # of equals, any
            assert {**record, **{key: found[name][key] for key in differ}} == found[name]


def test_files_folders_and_lines_are_projects(here: Here, pool: Path, tmp_path: Path) -> None:
    folder = tmp_path / "asked"
    folder.mkdir()
    (folder / "one.yaml").write_text("title: one\ncooperation: any\ncapabilities: [{id: c1}]\n", encoding="utf-8")
    (folder / "two.json").write_text(json.dumps(project(1)), encoding="utf-8")
    (folder / "pool.json").write_text(json.dumps(POOL), encoding="utf-8")
    (folder / "notes.txt").write_text("not a project", encoding="utf-8")
    lines(folder / "more.jsonl", 2)
    ended = here("batch", folder, folder / "one.yaml", "--pool", folder / "pool.json", "--workers", 1)
    assert ended.code == 0
    names = {json.loads(line)["project"] for line in ended.out.splitlines()}
    assert names == {str(folder / name) for name in ("one.yaml", "two.json", "more.jsonl:1", "more.jsonl:2")}


def test_a_rule_pack_that_a_project_names_is_part_of_it(here: Here, pool: Path, tmp_path: Path) -> None:
    pack = tmp_path / "rules.yaml"
    text = "title: t\nsource: s\nas_of: 2026-01-01\nrules: [{{rule: include, partners: [{who}]}}]\n"
    pack.write_text(text.format(who="p3"), encoding="utf-8")
    asked, output = tmp_path / "ask.jsonl", tmp_path / "out.jsonl"
    asked.write_text(json.dumps({**project(0), "packs": ["rules.yaml"]}) + "\n", encoding="utf-8")
    command = ("batch", asked, "--pool", pool, "-o", output, "--workers", 1)
    assert here(*command).code == 0
    assert "p3" in {member["id"] for member in records(output)[f"{asked}:1"]["members"]}
    assert "1 of 1 are done already" in here(*command).err
    pack.write_text(text.format(who="p4"), encoding="utf-8")
    assert here(*command).code == 2


# --- going on -----------------------------------------------------------------------------------------------------


def test_the_same_command_again_does_nothing_twice(here: Here, pool: Path, tmp_path: Path) -> None:
    asked, output = lines(tmp_path / "ask.jsonl", 8), tmp_path / "out.jsonl"
    command = ("batch", asked, "--pool", pool, "-o", output, "--workers", 1)
    first = here(*command)
    before = output.read_bytes()
    again = here(*command)
    assert (again.code, output.read_bytes()) == (first.code, before)
    assert "8 of 8 are done already" in again.err and "errors: 1" in again.err


def test_a_torn_last_line_is_done_again(here: Here, pool: Path, tmp_path: Path) -> None:
    asked, output = lines(tmp_path / "ask.jsonl", 3), tmp_path / "out.jsonl"
    command = ("batch", asked, "--pool", pool, "-o", output, "--workers", 1)
    assert here(*command).code == 0
    whole = records(output)
    output.write_bytes(output.read_bytes()[:-40])
    assert "2 of 3 are done already" in here(*command).err
    assert {name: record["cost"] for name, record in records(output).items()} == {
        name: record["cost"] for name, record in whole.items()
    }


@pytest.mark.parametrize("change", ["project", "pool", "setting", "other file"])
def test_answers_to_other_questions_are_not_mixed_in(change: str, here: Here, pool: Path, tmp_path: Path) -> None:
    asked, output = lines(tmp_path / "ask.jsonl", 3), tmp_path / "out.jsonl"
    command = ["batch", asked, "--pool", pool, "-o", output, "--workers", 1]
    if change == "other file":
        output.write_text('{"mine": 1}\n', encoding="utf-8")
    else:
        assert here(*command).code == 0
    if change == "project":
        asked.write_text(asked.read_text(encoding="utf-8").replace("t1", "another"), encoding="utf-8")
    elif change == "pool":
        pool.write_text(json.dumps(POOL).replace('"joining_cost": 1,', '"joining_cost": 9,'), encoding="utf-8")
    elif change == "setting":
        command += ["--seed", 7]
    before = output.read_bytes()
    refused = here(*command)
    assert refused.code == 2 and "--replace" in refused.err and output.read_bytes() == before
    assert here(*command, "--replace").code == 0
    assert len(records(output)) == 3


def calls(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"c{number}.json").write_text(json.dumps(project(number)), encoding="utf-8")
    return folder


@pytest.mark.parametrize("what", ["mended", "mended in vain", "removed"])
def test_errors_of_projects_that_were_mended_are_done_again(what: str, here: Here, pool: Path, tmp_path: Path) -> None:
    folder, output = calls(tmp_path / "calls", BAD + 1), tmp_path / "out.jsonl"
    bad = folder / f"c{BAD}.json"
    command = ("batch", folder, "--pool", pool, "-o", output, "--workers", 1)
    assert here(*command).code == 2
    before = records(output)
    assert "error" in before.pop(str(bad))
    if what == "removed":
        bad.unlink()
    else:
        bad.write_text(json.dumps(project(BAD if what == "mended in vain" else 0)) + "\n", encoding="utf-8")
    ended = here(*command)
    assert f"{BAD} of {BAD if what == 'removed' else BAD + 1} are done already" in ended.err
    assert ended.code == (2 if what == "mended in vain" else 0)
    after = records(output)
    assert {name: after.pop(name) for name in before} == before
    assert list(after) == ([] if what == "removed" else [str(bad)])


def test_a_bad_line_may_be_removed(here: Here, pool: Path, tmp_path: Path) -> None:
    asked, output = lines(tmp_path / "ask.jsonl", BAD + 2), tmp_path / "out.jsonl"
    command = ("batch", asked, "--pool", pool, "-o", output, "--workers", 1)
    assert here(*command).code == 2
    costs = [record["cost"] for record in records(output).values() if "cost" in record]
    text = asked.read_text(encoding="utf-8").splitlines(keepends=True)
    asked.write_text("".join(text[:BAD] + text[BAD + 1 :]), encoding="utf-8")
    ended = here(*command)
    assert ended.code == 0 and f"{BAD + 1} of {BAD + 1} are done already" in ended.err
    assert list(records(output)) == [f"{asked}:{number + 1}" for number in range(BAD + 1)]
    assert [record["cost"] for record in records(output).values()] == costs


def test_it_is_all_the_same_how_a_folder_is_typed(
    here: Here, pool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder, output = calls(tmp_path / "calls", 2), tmp_path / "out.jsonl"
    (folder / "again.json").write_text(json.dumps(project(0)), encoding="utf-8")  # the same question twice
    assert here("batch", "calls", "--pool", pool, "-o", output, "--workers", 1).code == 0
    ended = here("batch", folder, "--pool", pool, "-o", output, "--workers", 1)
    assert ended.code == 0 and "3 of 3 are done already" in ended.err
    assert set(records(output)) == {str(path) for path in folder.iterdir()}


def test_lines_of_others_are_no_errors_to_be_done_again(here: Here, pool: Path, tmp_path: Path) -> None:
    asked, output = lines(tmp_path / "ask.jsonl", 1), tmp_path / "out.jsonl"
    output.write_text('{"error": "disk", "kind": "error"}\n', encoding="utf-8")
    assert here("batch", asked, "--pool", pool, "-o", output).code == 2
    assert "disk" in output.read_text(encoding="utf-8")


SLOW = """
import sys, time
sys.path.insert(0, {folder!r})
from consortia.many import work
plain = work.solve_posed
def slowly(*arguments, **named):
    time.sleep(0.05)
    return plain(*arguments, **named)
work.solve_posed = slowly
from consortia.cli import main
main({arguments!r})
"""


def slow_run(*arguments: object) -> subprocess.Popen[str]:
    code = SLOW.format(folder=str(Path(__file__).parent), arguments=list(map(str, arguments)))
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, env=environment(), text=True)


def wait_for_lines(output: Path, count: int, run: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + LIMIT
    while not (output.exists() and output.read_bytes().count(b"\n") >= count):
        assert run.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("sign", ["SIGKILL", "SIGINT"])
def test_a_run_that_was_ended_goes_on(sign: str, workers: int, pool: Path, tmp_path: Path, here: Here) -> None:
    asked, output = lines(tmp_path / "ask.jsonl", 40), tmp_path / "out.jsonl"
    command = ("batch", asked, "--pool", pool, "-o", output, "--workers", workers)
    with slow_run(*command) as run:
        wait_for_lines(output, 3, run)
        os.kill(run.pid, getattr(signal, sign))
        assert run.stderr is not None
        err = run.stderr.read()  # ends when the workers have ended too
        code = run.wait(LIMIT)
    assert "Traceback" not in err
    if sign == "SIGINT":
        assert code == 130 and "what is done is kept, and the same command goes on" in err
    kept = output.read_bytes().rpartition(b"\n")[0]
    assert 3 <= kept.count(b"\n") + 1 < 40
    ended = here(*command)
    assert "are done already" in ended.err and output.read_bytes().startswith(kept)
    assert len(records(output)) == 40


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["-o", "out.jsonl"], "and the same command goes on."),
        (["-o", "out.jsonl", "--replace"], "the same command without --replace goes on."),
        ([], "with -o FILE the same command would go on."),
        (["-o", "out.jsonl", "--lang", "ru"], "сделанное сохранено"),
    ],
)
def test_who_is_interrupted_is_told_how_to_go_on(
    more: list[str], told: str, here: Here, pool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sharing, "answer", interrupt)
    ended = here("batch", lines(tmp_path / "ask.jsonl", 1), "--pool", pool, "--workers", 1, *more)
    assert ended.code == 130 and told in ended.err


# --- what is wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--workers", "0"], "0 is not in the range"),
        (["--workers", "many"], "not a valid integer"),
        (["--time-limit", "-1"], "--time-limit"),
        (["--solver", "nobody"], "no solver called"),
        (["--solver", "greedy", "--option", "workers=2"], "does not take"),
        (["--require", "nobody"], "no partner nobody"),
        (["-o", "nowhere/out.jsonl"], "no folder"),
        (["missing.yaml"], "missing.yaml"),
        (["nopedir"], "nopedir: there is no such file"),
        (["notes.txt"], "are not read"),
        (["-o", "folder"], "folder"),
        (["-o", "ask.jsonl/out.jsonl"], "no folder"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_done(
    arguments: list[str], told: str, here: Here, pool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines(tmp_path / "ask.jsonl", 1)
    (tmp_path / "notes.txt").touch()
    (tmp_path / "folder").mkdir()
    ended = here("batch", "ask.jsonl", "--pool", pool, *arguments)
    assert ended.code == 2 and ended.out == ""
    assert told in ended.err and "Traceback" not in ended.err


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no folder that nobody can write to")
def test_results_that_cannot_be_written_are_told(here: Here, pool: Path, tmp_path: Path) -> None:
    ended = here("batch", lines(tmp_path / "ask.jsonl", 1), "--pool", pool, "-o", "/proc/out.jsonl")
    assert (ended.code, ended.out) == (2, "")
    assert "the file cannot be written" in ended.err and "report" not in ended.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
@pytest.mark.parametrize("more", [[], ["--replace"]])
def test_a_pipe_is_no_file_for_results(more: list[str], here: Here, pool: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    ended = here("batch", lines(tmp_path / "ask.jsonl", 1), "--pool", pool, "-o", tmp_path / "pipe", *more)
    assert ended.code == 2 and "ordinary file" in ended.err and (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("more", [[], ["--replace"]])
@pytest.mark.parametrize("output", ["pool.json", "hard link", "ask.jsonl", "calls/one.json", "table/partners.csv"])
def test_nothing_is_written_over_what_is_asked(
    output: str, more: list[str], here: Here, tmp_path: Path, pool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("calls", "table"):
        (tmp_path / folder).mkdir()
    lines(tmp_path / "ask.jsonl", 2)
    (tmp_path / "calls" / "one.json").write_text(json.dumps(project(0)), encoding="utf-8")
    (tmp_path / "table" / "partners.csv").write_text("id;joining_cost\na;3\n", encoding="utf-8")
    os.link(pool, tmp_path / "hard link")
    before = (tmp_path / output).read_bytes()
    ended = here("batch", "ask.jsonl", "calls", "--pool", "table" if "/p" in output else pool, "-o", output, *more)
    assert ended.code == 2 and "over what is asked" in ended.err and "Name another file" in ended.err
    assert (tmp_path / output).read_bytes() == before


@pytest.mark.parametrize("text", ["one line of text", json.dumps(POOL), '{"partners": [\n  {"id": "a"}\n]}'])
def test_what_is_no_results_stays_as_it_is(text: str, here: Here, pool: Path, tmp_path: Path) -> None:
    output = tmp_path / "notes.txt"
    output.write_text(text, encoding="utf-8")
    command = ("batch", lines(tmp_path / "ask.jsonl", 1), "--pool", pool, "-o", output, "--workers", 1)
    assert here(*command).code == 2 and output.read_text(encoding="utf-8") == text
    assert here(*command, "--replace").code == 0 and len(records(output)) == 1


def test_an_empty_folder_and_a_wrong_pool_are_told(here: Here, pool: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no project in this folder" in here("batch", tmp_path / "empty", "--pool", pool).err
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"partners": [{"id": "a"}, {"id": "a"}]}', encoding="utf-8")
    ended = here("batch", lines(tmp_path / "ask.jsonl", 1), "--pool", wrong)
    assert ended.code == 2 and "defined twice" in ended.err


def test_lines_that_are_no_projects_are_told_one_by_one(here: Here, pool: Path, tmp_path: Path) -> None:
    asked = lines(tmp_path / "ask.jsonl", 1)
    asked.write_text(
        asked.read_text(encoding="utf-8") + '{"torn\n\n[1]\n{"title": "a", "title": "b"}\n', encoding="utf-8"
    )
    ended = here("batch", asked, "--pool", pool, "--workers", 1)
    found = {json.loads(line)["project"]: json.loads(line) for line in ended.out.splitlines()}
    assert ended.code == 2 and len(found) == 4
    assert [name for name, record in found.items() if "error" not in record] == [f"{asked}:1"]
    assert "not JSON" in found[f"{asked}:2"]["error"] and "mapping" in found[f"{asked}:4"]["error"]
    assert "appears twice" in found[f"{asked}:5"]["error"]
