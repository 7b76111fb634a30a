"""Pages: what a person wrote stays text, nothing is asked of any host, and what is shown is what there is."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
import unruly
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from consortia import Instance, solve
from consortia.language import language
from consortia.report.drawing import PALETTE, clipped, width_of
from consortia.report.html import clean, element
from consortia.report.html_page import asset
from consortia.report.html_table import table
from consortia.report.markdown_page import escaped
from consortia.report.matrix import matrix
from consortia.report.money import Shown
from consortia.report.plots import PLOTS, plot
from consortia.report.png import png_file
from consortia.report.sums import cost_by_cluster, cost_by_component, cost_by_country, cost_by_item
from consortia.report.svg import svg_file

LANGUAGES = ("en", "ru")
VOID = frozenset({"meta", "br", "input", "link", "img"})


class Read(HTMLParser):
    """A page as a browser takes it: elements with attributes, and texts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@given(st.text(), st.text())
def test_elements_say_what_they_were_given(text: str, value: str) -> None:
    read = Read(element("p", text, title=value))
    assert read.elements == [("p", {"title": clean(value)})]
    assert "".join(read.texts) == clean(text)
    assert read.open == []


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_markdown_reads_as_it_was_written(text: str) -> None:
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    written = " ".join(text.split())
    inline = next(token for token in markdown.parse(escaped(written)) if token.type != "paragraph_open")
    assert "".join(child.content for child in inline.children or ()) == written
    assert {child.type for child in inline.children or ()} <= {"text", "text_special"}
    parsed = markdown.parse(f"| a | b |\n| --- | --- |\n| {escaped(written)} | c |")
    cells = [token for token in parsed if token.type == "inline"]
    assert "".join(child.content for child in cells[2].children or ()) == written
    assert len(cells) == 4


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_are_never_markup(lang: str) -> None:
    read = Read(unruly.page("html", lang))
    assert read.open == []
    assert len(read.named("script")) == len(read.named("style")) == 1
    assert {"img", "u", "b", "iframe", "link", "object", "form"}.isdisjoint({tag for tag, _ in read.elements})
    assert not [name for _, attributes in read.elements for name in attributes if name.startswith("on")]
    consortium = unruly.outcome().consortium
    assert consortium is not None
    for partner in consortium.members:
        assert any(clean(unruly.NAMES[int(partner[1:])]) in text for text in read.texts)


def test_names_are_never_markup_in_markdown() -> None:
    page = MarkdownIt("commonmark").enable("table").parse(unruly.page("md"))
    kinds = {child.type for token in page for child in token.children or ()} | {token.type for token in page}
    assert kinds.isdisjoint({"html_block", "html_inline", "image", "link_open", "code_inline", "fence", "em_open"})


def test_nothing_is_asked_of_any_host() -> None:
    page = unruly.page("html")
    read = Read(page)
    for _, attributes in read.elements:
        assert not {"src", "srcset", "data", "action", "ping", "style"}.intersection(attributes)
        assert (attributes.get("href") or "#").startswith("#")
    for text in (asset("page.css"), asset("page.js"), asset("fragment.css")):
        assert not re.search(r"https?:|//\w|url\(|@import|fetch\(|XMLHttp|import\(|innerHTML|eval\(", text)


def test_the_policy_allows_its_own_style_and_script_and_nothing_else() -> None:
    page = unruly.page("html")
    policy = next(each["content"] for each in Read(page).named("meta") if "http-equiv" in each)
    rules = dict(rule.split(" ", 1) for rule in str(policy).split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for name, tag in (("style-src", "style"), ("script-src", "script")):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", page, re.S)
        assert inside is not None
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
    assert rules.keys() == {"default-src", "base-uri", "form-action", "style-src", "script-src"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_can_be_gone_through_without_seeing_them(lang: str) -> None:
    read = Read(unruly.page("html", lang))
    count = {tag: len(read.named(tag)) for tag in ("h1", "main", "nav", "header", "footer")}
    assert set(count.values()) == {1}
    assert read.named("html") == [{"lang": lang}]
    assert len(read.named("caption")) == len(read.named("table"))
    assert all(each.get("scope") in ("row", "col", "rowgroup", "colgroup") for each in read.named("th"))
    ids = [each["id"] for _, each in read.elements if "id" in each]
    assert len(ids) == len(set(ids))
    wanted = [str(each[name]).split() for _, each in read.elements for name in each if name.startswith("aria-labelled")]
    wanted += [[str(each["href"])[1:]] for each in read.named("a")]
    assert {name for names in wanted for name in names} <= set(ids)


def test_rows_without_a_name_go_on_with_the_one_above() -> None:
    columns = [("What", "left"), ("Who", "left"), ("Cost", "right")]
    rows = [
        ["a", "p", "1"],
        ["", "q", "2"],
        [None, "bold", "group", "", ""],
        ["", "r", "3"],
        ["", "s", "4"],
        [None, "bold", "group", "of two", ""],
        ["rule", "", ""],
        ["  part", "t", "5"],
        [None, "bold", "total", "", "15"],
    ]
    made = table(columns, rows, "caption")
    bodies = re.findall(r"<tbody>(.*?)</tbody>", made)
    assert bodies[0] == (
        '<tr><th scope="row" rowspan="2">a</th><td>p</td><td class="num">1</td></tr>'
        '<tr class="more"><td>q</td><td class="num">2</td></tr>'
    )
    assert bodies[1] == (
        '<tr class="group"><th scope="rowgroup" colspan="3">group</th></tr>'
        '<tr><td></td><td>r</td><td class="num">3</td></tr><tr><td></td><td>s</td><td class="num">4</td></tr>'
    )
    assert bodies[2] == (
        '<tr class="group"><th scope="rowgroup">group</th><td>of two</td><td class="num"></td></tr>'
        '<tr><th scope="row">rule</th><td></td><td class="num"></td></tr>'
        '<tr class="more"><th scope="row" class="child">part</th><td>t</td><td class="num">5</td></tr>'
    )
    assert '<tfoot><tr><th scope="row">total</th><td></td><td class="num">15</td></tr></tfoot>' in made


def test_a_page_of_nothing_says_why() -> None:
    nobody = Instance.from_arrays(partners=["a"], capabilities=["x", "y"], joining=[1], holds=([0], [0]))
    outcome = solve(nobody, solver="cpsat")
    made = unruly.written(outcome, "html")
    assert "Why not" in made and "<svg" not in made and "verdict none" in made


def test_the_same_answer_makes_the_same_page() -> None:
    again = unruly.written(unruly.outcome(), "html")
    assert again == unruly.page("html")


@pytest.mark.parametrize("sums", [cost_by_component, cost_by_item, cost_by_cluster, cost_by_country])
def test_costs_add_up_to_what_is_shown(sums: object) -> None:
    outcome = unruly.outcome()
    amounts = Shown(outcome)
    assert sum(sums(outcome, amounts, language("en")).values()) == amounts.total  # type: ignore[operator]


def test_cost_by_country_counts_members_and_fees() -> None:
    outcome = unruly.outcome()
    consortium, instance = outcome.consortium, outcome.instance
    assert consortium is not None
    expected: dict[str, object] = {}
    for line in outcome.lines:
        where = line.partner or line.item
        country = {"p0": "Belarus", "c0": "Belarus", "c1": "Belarus", "p1": "Russia", "p2": "Atlantis", "p4": "Russia"}[
            where
        ]
        expected[country] = instance.money(line.cost) + expected.get(country, 0)  # type: ignore[operator]
    shown = cost_by_country(outcome, Shown(outcome), language("en"))
    assert shown.keys() == expected.keys()
    assert all(abs(shown[name] - expected[name]) < 1 for name in shown)  # type: ignore[operator]


def test_the_matrix_says_who_is_what() -> None:
    outcome = unruly.outcome()
    instance, consortium = outcome.instance, outcome.consortium
    assert consortium is not None
    found = matrix(instance, consortium, others=1)
    able = {(capability, partner) for partner, capability, _ in instance.arc_at}
    able |= {(capability, partner) for capability in instance.capabilities for partner in instance.holders[capability]}
    delivered = {(entry.capability, entry.partner): entry.effort for entry in consortium.deliveries}
    assert set(found.members) == set(consortium.members)
    assert len(found.others) == 1 and found.more == len({partner for _, partner in able} - set(consortium.members)) - 1
    for capability in instance.capabilities:
        for partner in found.partners:
            cell = found.cells.get((capability, partner))
            if (capability, partner) not in able:
                assert cell is None
                continue
            assert cell is not None
            member = partner in consortium.members
            if (capability, partner) in delivered:
                assert cell.kind == "supplies" and cell.effort == delivered[capability, partner]
            elif member and partner in instance.holders[capability]:
                assert cell.kind == "holds"
            elif member and instance.backups[instance.capability_at[capability]]:
                assert cell.kind == "backup"
            else:
                assert cell.kind == "could"
    assert {cell.kind for cell in found.cells.values()} == {"supplies", "holds", "backup", "could"}


def test_a_wide_matrix_is_split_and_a_huge_one_left_out() -> None:
    outcome = unruly.crowd(70)
    assert outcome.consortium is not None
    found = matrix(outcome.instance, outcome.consortium)
    parts = found.parts()
    assert [partner for part in parts for partner in part.partners] == list(found.partners)
    assert [len(part.partners) for part in parts] == [32, 32, 8]
    assert [len(part.others) for part in parts] == [0, 0, 2]
    assert all(part.capabilities == found.capabilities for part in parts)
    assert unruly.written(outcome, "html").count('<table class="matrix">') == 3
    crowded = unruly.crowd(150)
    assert '<table class="matrix">' not in unruly.written(crowded, "html")
    assert "too many members" in unruly.written(crowded, "html")


@pytest.mark.parametrize("kind", PLOTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_pictures_are_whole_and_say_what_they_show(kind: str, lang: str) -> None:
    drawing = plot(unruly.outcome(), kind, language(lang))
    root = ElementTree.fromstring(svg_file(drawing).encode())
    assert root.attrib["role"] == "img"
    texts = {name: root.findtext(f"{{http://www.w3.org/2000/svg}}{name}") for name in ("title", "desc")}
    assert texts["title"] == drawing.title and texts["desc"]
    for mark in drawing.marks:
        for name, most in (
            ("x", drawing.width),
            ("to_x", drawing.width),
            ("y", drawing.height),
            ("to_y", drawing.height),
        ):
            assert 0 <= getattr(mark, name, 0) <= most
    assert {mark.role for mark in drawing.marks} <= PALETTE.keys()


def test_pictures_become_png() -> None:
    made = png_file(plot(unruly.outcome(), "network", language("ru")))
    assert made.startswith(b"\x89PNG\r\n\x1a\n") and len(made) > 5000


def test_there_is_nothing_to_draw_of_nothing() -> None:
    nobody = Instance.from_arrays(partners=["a"], capabilities=["x", "y"], joining=[1], holds=([0], [0]))
    with pytest.raises(ValueError, match="nothing to draw"):
        plot(solve(nobody, solver="cpsat"), "network", language("en"))
    with pytest.raises(ValueError, match="pie"):
        plot(unruly.outcome(), "pie", language("en"))


def test_every_role_has_a_colour_in_the_page() -> None:
    css = asset("page.css")
    assert [role for role in PALETTE if f".fill-{role} {{ fill: var(--{role}); }}" not in css] == []
    for role, colour in PALETTE.items():
        assert f"--{role}: {colour};" in css  # the page in light colours and the files agree


@given(st.text(), st.floats(10, 400))
def test_clipped_texts_fit(text: str, width: float) -> None:
    assert clipped(text, width) == text or width_of(clipped(text, width)) <= max(width, 2 * 13)
