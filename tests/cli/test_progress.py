"""The live line: only on a terminal, and gone when the answer comes."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest

from consortia import Progress
from consortia.cli.progress import ProgressLine
from consortia.cli.streams import Streams


class Terminal(StringIO):
    """A terminal that keeps what is written on it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> Streams:
    monkeypatch.delenv("CONSORTIA_LANG", raising=False)
    made = Streams()
    made.err = Terminal()
    return made


def test_what_the_line_says(streams: Streams) -> None:
    line = ProgressLine(streams)
    assert line.text(0.5) == "0 s, Ctrl-C ends the search"
    line(Progress(1.0, None, Decimal(90)))
    assert line.text(1) == "bound 90  1 s, Ctrl-C ends the search"
    line(Progress(2.0, Decimal(1200), Decimal(900)))
    assert line.text(2.9) == "best 1,200  bound 900  gap 25\u00a0%  2 s, Ctrl-C ends the search"
    line(Progress(3.0, Decimal(0), Decimal(0)))
    assert line.text(3) == "best 0  bound 0  3 s, Ctrl-C ends the search"


def test_the_line_is_wiped(streams: Streams) -> None:
    with ProgressLine(streams) as line:
        line(Progress(1.0, Decimal(7), None))
    assert streams.err.getvalue().endswith("\r")  # type: ignore[attr-defined]
    last = streams.err.getvalue().split("\r")[-2]  # type: ignore[attr-defined]
    assert not last.strip()


def test_no_line_where_there_is_no_terminal(streams: Streams) -> None:
    streams.err = StringIO()
    with ProgressLine(streams) as line:
        assert not line.shown
        line(Progress(1.0, Decimal(7), None))
    assert streams.err.getvalue() == ""
