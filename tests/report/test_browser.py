"""Pages in a real browser: they ask for nothing, sort, search, print on A4 and can be used by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import unruly
from browsing import Visit, axe, chromium

from consortia import Outcome, solve
from consortia.explaining.further import look_further
from consortia.language import language
from consortia.report.page import Page
from consortia.report.pages import page_file
from consortia.report.printing import print_to_pdf
from consortia.report.screening import write_screening
from consortia.report.text import write_report

pytestmark = [pytest.mark.slow, pytest.mark.browser]
INSTANCES = Path(__file__).parents[2] / "instances"
FLAGSHIP, SMALL = INSTANCES / "cold-chain.yaml", INSTANCES / "small.yaml"
LANGUAGES = ("en", "ru")


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def flagship() -> Outcome:
    outcome = solve(FLAGSHIP, solver="cpsat")
    assert outcome.prices is not None
    return outcome


@pytest.fixture(scope="module")
def pages(flagship: Outcome, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {f"unruly-{lang}": unruly.page("html", lang) for lang in LANGUAGES}
    made |= {f"flagship-{lang}": unruly.written(flagship, "html", lang, prices=True) for lang in LANGUAGES}
    write = partial(write_screening, flagship.instance)
    made["screening-ru"] = str(page_file("html", language("ru"), write))
    made["crowd-en"] = unruly.written(unruly.crowd(70), "html")
    made["further-ru"] = str(page_file("html", language("ru"), _with_everything))
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8", newline="\n")
    return {name: folder / f"{name}.html" for name in made}


def _with_everything(page: Page) -> None:
    outcome = solve(SMALL)
    write_report(outcome, page, prices=True, further=look_further(outcome, others=3, entry_prices=True))


NAMES = [f"{name}-{lang}" for name in ("unruly", "flagship") for lang in LANGUAGES]
ALL = [*NAMES, "crowd-en", "screening-ru", "further-ru"]


@pytest.mark.parametrize("name", ALL)
def test_pages_load_without_error_or_request(started: Any, pages: dict[str, Path], name: str) -> None:
    visit = Visit(started, pages[name])
    assert visit.faults == []
    assert visit.asked == [pages[name].as_uri()]
    assert visit.page.locator("thead button").count() > 0  # the script ran, under the page's own policy
    visit.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("name", [*NAMES, "screening-ru", "further-ru"])
def test_everybody_can_use_them(
    started: Any, pages: dict[str, Path], name: str, width: int, scheme: str, pytestconfig: pytest.Config
) -> None:
    script = axe(pytestconfig.rootpath / ".pytest_cache" / "axe-core")
    visit = Visit(started, pages[name], viewport={"width": width, "height": 900}, color_scheme=scheme)
    visit.page.evaluate(script)
    found = visit.page.evaluate("axe.run({resultTypes: ['violations', 'passes']})")
    told = [
        f"{fault['id']} ({fault['impact']}): {node['html'][:120]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
    assert told == []
    assert {"color-contrast", "scrollable-region-focusable", "td-headers-attr"} & {
        each["id"] for each in found["passes"]
    }
    assert not visit.wider_than_its_window()
    visit.page.close()


def test_tables_sort(started: Any, pages: dict[str, Path], flagship: Outcome) -> None:
    visit = Visit(started, pages["flagship-ru"])
    table = "section:has(#s1) table"
    head = visit.page.locator(f"{table} thead th").last
    before = visit.column(table, 4)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    groups = _by_group(visit, table)
    assert all(costs == sorted(costs) for costs in groups)
    assert flagship.consortium is not None
    assert len(groups) == len(set(flagship.consortium.members.values()))
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert _by_group(visit, table) == [sorted(costs, reverse=True) for costs in groups]
    head.get_by_role("button").press("Space")
    assert head.get_attribute("aria-sort") == "none"
    assert visit.column(table, 4) == before
    assert any(len(costs) > 2 for costs in groups) and visit.faults == []
    visit.page.close()


def _by_group(visit: Visit, table: str) -> list[list[float]]:
    """Return the numbers of the last column, body by body."""
    groups = []
    for body in visit.page.locator(f"{table} tbody").all():
        texts = body.locator("tr:not(.group) > td:last-child").all_inner_texts()
        groups.append([float(re.sub(r"[^\d,-]", "", text).replace(",", ".")) for text in texts])
    return groups


def test_rows_that_belong_together_stay_together(started: Any, pages: dict[str, Path], flagship: Outcome) -> None:
    visit = Visit(started, pages["flagship-en"])
    table = "section:has(#s2) .frame > table:not(.matrix)"
    assert flagship.consortium is not None

    def suppliers() -> dict[str, int]:
        """Return how many rows each capability spans."""
        heads = visit.page.locator(f"{table} tbody th").all()
        return {head.inner_text(): int(head.get_attribute("rowspan") or 1) for head in heads}

    before, names = suppliers(), visit.column(table, 1)
    visit.page.locator(f"{table} thead button").first.click()
    assert suppliers() == before
    assert list(suppliers()) == sorted(before, key=str.lower)
    assert visit.column(table, 1) != names
    visit.page.close()


def test_tables_can_be_searched(started: Any, pages: dict[str, Path]) -> None:
    visit = Visit(started, pages["flagship-en"])
    search = visit.page.get_by_role("searchbox", name="Search in this table").first
    table = "section:has(#s1) table"
    rows = len(visit.column(table, 1))
    search.fill("ФАРМ")
    assert [text for text in visit.column(table, 1) if "ФармЛогист" in text]
    assert 0 < len(visit.column(table, 1)) < rows
    assert visit.page.get_by_role("status").first.inner_text() == "1"
    search.fill("белпленка")  # ё and е are one letter
    assert visit.column(table, 1)[-1].startswith("ОАО «Белплёнка»")
    search.fill("nobody of this name")
    assert visit.column(table, 1) == []
    assert visit.page.get_by_role("status").first.inner_text() == "Nothing found"
    search.fill("")
    assert len(visit.column(table, 1)) == rows
    visit.page.close()


def test_colours_follow_the_system_until_they_are_chosen(started: Any, pages: dict[str, Path]) -> None:
    visit = Visit(started, pages["unruly-en"], color_scheme="dark")

    def paper() -> str:
        return str(visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    dark = paper()
    choice = visit.page.get_by_role("combobox", name="Colours")
    choice.select_option("light")
    light = paper()
    assert light == "rgb(255, 255, 255)" != dark
    choice.select_option("dark")
    assert paper() == dark
    visit.page.emulate_media(media="print")
    assert paper() == light  # paper is white, whatever the screen is
    visit.page.close()


def test_the_keyboard_is_enough(started: Any, pages: dict[str, Path]) -> None:
    visit = Visit(started, pages["unruly-en"])
    visit.page.keyboard.press("Tab")
    focused = "document.activeElement.textContent"
    assert visit.page.evaluate(focused) == "Skip to the contents"
    assert visit.page.locator(".skip").bounding_box()["y"] >= 0
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"
    visit.page.keyboard.press("Tab")
    outline = visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    visit.page.close()


@pytest.mark.parametrize("name", NAMES)
def test_without_its_script_the_page_is_complete(started: Any, pages: dict[str, Path], name: str) -> None:
    visit = Visit(started, pages[name], java_script_enabled=False)
    for kind in ("table", "svg", "table.matrix", "section h2", "dl.facts dd"):
        assert visit.page.locator(kind).first.is_visible()
    assert visit.page.locator("button, input").count() == 0
    visit.page.close()


@pytest.mark.parametrize("name", ALL)
def test_print_fits_a4(started: Any, pages: dict[str, Path], name: str) -> None:
    margins = 26 / 25.4 * 96
    visit = Visit(started, pages[name], viewport={"width": round(210 / 25.4 * 96 - margins), "height": 1000})
    visit.page.emulate_media(media="print")
    over = visit.page.evaluate(
        """[...document.querySelectorAll("body *")].filter((each) =>
          !each.closest(".unseen, caption, .skip") && each.getBoundingClientRect().right > innerWidth + 1
        ).map((each) => `${each.tagName}.${each.className} ${each.textContent.slice(0, 60)}`)"""
    )
    assert over == []
    visit.page.close()


@pytest.mark.parametrize("name", NAMES)
def test_pdf_files_are_on_a4(started: Any, pages: dict[str, Path], name: str) -> None:
    made = print_to_pdf(pages[name].read_text(encoding="utf-8"))
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", made)
    assert made.startswith(b"%PDF-") and boxes
    for width, height in boxes:
        assert abs(float(width) - 595) < 1 and abs(float(height) - 842) < 1
