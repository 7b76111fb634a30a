"""The newcomer's path, walked from the empty template to the printed page as its pages say, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from running import Here

from consortia.report.printing import browser

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = {"en": DOCS / "first-project.md", "ru": DOCS / "first-project.ru.md"}
STEP = re.compile(r"^    consortia (.*?)\n\n(?:```text\n(.*?)^```$)?", flags=re.MULTILINE | re.DOTALL)
MOST = 150_000  # bytes of a picture


def text(lang: str) -> str:
    return PAGES[lang].read_text(encoding="utf-8")


def steps(lang: str) -> list[tuple[str, str]]:
    return STEP.findall(text(lang))


def tighten(folder: Path) -> None:
    """Do by program what the page asks people to type."""
    book = load_workbook(folder / "partners.xlsx")
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == 60000]
    assert len(cells) == 1
    cells[0].value = 25000
    book.save(folder / "tight.xlsx")


@pytest.mark.parametrize("lang", PAGES)
def test_every_step_does_what_the_page_says(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONSORTIA_LANG", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    here = Here(capsys)
    for command, shown in steps(lang):
        if "tight.xlsx" in command and not Path("tight.xlsx").exists():
            tighten(tmp_path)
        if command.endswith(".pdf") and browser() is None:
            continue
        ended = here(*command.split())
        assert ended.code == 0, f"{command}: {ended.err}"
        assert shown.replace("\u00a0", " ") in ended.out.replace("\u00a0", " ")
        _, option, made = command.partition(" -o ")
        assert not option or Path(made).stat().st_size > 0
    assert here("solve", "tight.xlsx").code == 3


def test_both_languages_take_the_same_steps() -> None:
    plain = [command.replace(" --lang ru", "") for command, _ in steps("ru")]
    assert plain == [command for command, _ in steps("en")]
    verbs = {command.split()[0] for command in plain}
    assert verbs == {"template", "lint", "solve", "explain", "repair"}
    assert all(" --lang ru" in command for command, _ in steps("ru"))


@pytest.mark.parametrize("lang", PAGES)
def test_what_the_page_leads_to_is_there(lang: str) -> None:
    leads = re.findall(r"\]\(([^)#]+)\)", text(lang))
    assert [lead for lead in leads if not (DOCS / lead).is_file()] == []
    pictures = [lead for lead in leads if lead.startswith("pictures/")]
    assert len(pictures) == len(re.findall(r"!\[[^\]]{20,}\]\(", text(lang))) == 6
    assert all((DOCS / picture).stat().st_size < MOST for picture in pictures)


@pytest.mark.parametrize(("lang", "end"), [("en", ""), ("ru", ".ru")])
def test_the_drawing_is_what_the_tool_draws(
    lang: str, end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is drawn in a picture of a screen cannot be compared; a drawing of lines can."""
    here, book, made = Here(capsys), tmp_path / "partners.xlsx", tmp_path / "network.svg"
    here("template", "-o", book, "--lang", lang)
    here("solve", book, "--lang", lang, "--plot", "network", "-o", made)
    assert made.read_text(encoding="utf-8") == (DOCS / f"pictures/first-project-network{end}.svg").read_text(
        encoding="utf-8"
    )


def test_the_readme_leads_to_it_first() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = readme.partition("## Read on\n\n")[2]
    assert listed.startswith("- [A first project, in ten minutes](docs/first-project.md)")
    assert "docs/first-project.ru.md" in readme
