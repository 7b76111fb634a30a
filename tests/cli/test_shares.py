"""``consortia shares``."""

from __future__ import annotations

import json
from pathlib import Path

from running import Here


def test_members_stand_side_by_side(here: Here, labels: Path, tmp_path: Path) -> None:
    ended = here("shares", labels)
    assert ended.code == 0
    assert "Who pays what is shared" in ended.out and "2,040.50" in ended.out  # the fees
    written = tmp_path / "shares.json"
    assert here("shares", labels, "-o", written).code == 0
    data = json.loads(written.read_text(encoding="utf-8"))
    assert data["format"] == "consortia-shares/1" and data["complete"]
    for by in ("equal", "own cost", "shapley"):
        assert round(sum(member[by] for member in data["members"]), 2) == 2040.5
    assert round(sum(member["own"] for member in data["members"]) + data["shared"], 2) == round(data["cost"], 2)


def test_an_outcome_is_divided_and_a_wrong_one_refused(here: Here, labels: Path, tmp_path: Path) -> None:
    outcome = tmp_path / "outcome.json"
    assert here("solve", labels, "-o", outcome).code == 0
    assert here("shares", labels, "--of", outcome, "--lang", "ru").out.startswith("Smart labels")
    wrong = json.loads(outcome.read_text(encoding="utf-8"))
    wrong["members"] = wrong["members"][1:]
    outcome.write_text(json.dumps(wrong), encoding="utf-8")
    ended = here("shares", labels, "--of", outcome)
    assert ended.code == 2 and "is not a member" in ended.err
    assert here("shares", labels, "--of", tmp_path / "absent.json").code == 2


def test_exit_codes_say_what_is_known(here: Here, labels: Path, impossible: Path) -> None:
    ended = here("shares", impossible)
    assert ended.code == 3 and "`consortia explain` finds which" in ended.out
    assert "найдёт `consortia explain`" in here("shares", impossible, "--lang", "ru").out
    ended = here("shares", labels, "--time-limit", "0", "--solver", "cpsat")
    assert ended.code == 4 and "explain" not in ended.out
