"""The forms of answers: by the name of the file or as asked for, of every command."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from browsing import needed
from running import Here

from consortia.cli.forms import BINARY, PAGES, SUFFIXES
from consortia.report.plots import PLOTS
from consortia.report.printing import browser

BEGINNINGS = {"json": b"{", "md": b"# ", "html": b"<!DOCTYPE html>", "svg": b"<?xml", "png": b"\x89PNG"}


@pytest.mark.parametrize("suffix", ["json", "md", "html", "HTM", "svg", "png", "txt", "odt"])
def test_the_name_of_the_file_says_the_form(here: Here, labels: Path, tmp_path: Path, suffix: str) -> None:
    ended = here("solve", labels, "--solver", "cpsat", "-o", tmp_path / f"result.{suffix}")
    assert ended.code == 0 and ended.out == ""
    form = SUFFIXES.get(f".{suffix.lower()}", "text")
    made = (tmp_path / f"result.{suffix}").read_bytes()
    assert made.startswith(BEGINNINGS.get(form, b"Smart labels"))


@pytest.mark.parametrize("form", ["json", "md", "html", "svg"])
def test_forms_go_to_stdout_too(here: Here, labels: Path, form: str) -> None:
    ended = here("solve", labels, "--solver", "cpsat", "--format", form)
    assert ended.code == 0 and ended.out.encode().startswith(BEGINNINGS[form])


def test_what_is_asked_for_counts_more_than_the_name(here: Here, labels: Path, tmp_path: Path) -> None:
    here("solve", labels, "--solver", "cpsat", "--format", "json", "-o", tmp_path / "result.html")
    assert json.loads((tmp_path / "result.html").read_text(encoding="utf-8"))["status"] == "optimal"


@pytest.mark.parametrize("command", [["screen"], ["gap", "--no-complete", "--core", "printers"], ["check"]])
@pytest.mark.parametrize("form", ["md", "html"])
def test_every_command_writes_pages(here: Here, labels: Path, tmp_path: Path, command: list[str], form: str) -> None:
    here("solve", labels, "--solver", "cpsat", "-o", tmp_path / "outcome.json")
    outcome = [tmp_path / "outcome.json"] if command == ["check"] else []
    core = json.loads((tmp_path / "outcome.json").read_text(encoding="utf-8"))["members"][0]["id"]
    words = [core if word == "printers" else word for word in command]
    ended = here(words[0], labels, *outcome, *words[1:], "-o", tmp_path / f"page.{form}")
    assert ended.code == 0
    assert (tmp_path / f"page.{form}").read_bytes().startswith(BEGINNINGS[form])


@pytest.mark.parametrize("form", ["xlsx", "svg"])
def test_what_a_command_does_not_give_is_refused_before_any_work(
    here: Here, labels: Path, tmp_path: Path, form: str
) -> None:
    ended = here("screen", labels, "-o", tmp_path / f"page.{form}")
    assert ended.code == 2 and f"gives no {form}" in ended.err
    assert not (tmp_path / f"page.{form}").exists()


def test_what_is_no_text_needs_a_file(here: Here, labels: Path) -> None:
    for form in ("pdf", "png"):
        assert form in BINARY
        ended = here("solve", labels, "--format", form)
        assert ended.code == 2 and ended.out == "" and f"-o FILE.{form}" in ended.err


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("kind", PLOTS)
def test_every_picture_can_be_asked_for(here: Here, labels: Path, tmp_path: Path, kind: str, lang: str) -> None:
    path = tmp_path / "picture.svg"
    assert here("solve", labels, "--solver", "cpsat", "--lang", lang, "--plot", kind, "-o", path).code == 0
    assert ElementTree.parse(path).getroot()[0].attrib["id"] == f"{kind}-title"


def test_nothing_is_drawn_of_no_consortium(here: Here, impossible: Path, tmp_path: Path) -> None:
    ended = here("solve", impossible, "--solver", "cpsat", "-o", tmp_path / "picture.png")
    assert ended.code == 3 and "nothing to draw" in ended.err
    assert not (tmp_path / "picture.png").exists()


@pytest.mark.slow
@pytest.mark.browser
def test_a_browser_prints_pdf(here: Here, labels: Path, tmp_path: Path) -> None:
    if browser() is None:
        needed("there is no Chromium, Chrome or Edge")
    assert here("screen", labels, "--lang", "ru", "-o", tmp_path / "page.pdf").code == 0
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")


def test_without_a_browser_a_pdf_is_refused_with_the_remedy(
    here: Here, labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSORTIA_BROWSER", str(tmp_path / "no-browser"))
    ended = here("screen", labels, "-o", tmp_path / "page.pdf")
    assert ended.code == 2 and "CONSORTIA_BROWSER" in ended.err
    assert not (tmp_path / "page.pdf").exists()


def test_a_browser_that_fails_is_said_so(
    here: Here, labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho no display >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CONSORTIA_BROWSER", str(broken))
    ended = here("screen", labels, "-o", tmp_path / "page.pdf")
    assert ended.code == 2 and "did not print the page: no display" in ended.err


def test_text_stays_the_form_of_what_is_not_known() -> None:
    assert set(SUFFIXES.values()) >= set(PAGES) - {"text"}
