"""Pictures made of a few plain marks, so that one drawing becomes a part of a page, an SVG file and a PNG file.

Marks have roles instead of colours: a page colours them by its style sheet, light or dark, files by `PALETTE`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PALETTE = {
    "ink": "#1b2330",
    "muted": "#566173",
    "line": "#9aa6b6",
    "faint": "#eff2f6",
    "paper": "#ffffff",
    "member": "#1d5fa8",
    "coordinator": "#a33d0c",
    "cluster": "#0f6b54",
    "industry": "#6f3f97",
    "supplies": "#1d5fa8",
    "on-supplies": "#ffffff",
    "backup": "#f1c40f",
    "on-backup": "#1b2330",
    "could": "#cfe1f5",
    "on-could": "#1b2330",
}
"""The colour of each role, on white."""

_PLAIN, _BROAD = 0.56, 0.66
"""Widths of letters in their heights, those of English and others; where text ends is not known before it is drawn."""


@dataclass(frozen=True)
class Box:
    """A rectangle by its corner."""

    x: float
    y: float
    width: float
    height: float
    role: str


@dataclass(frozen=True)
class Dot:
    """A disc by its centre."""

    x: float
    y: float
    radius: float
    role: str


@dataclass(frozen=True)
class Curve:
    """A line that leaves and arrives level, from left to right."""

    x: float
    y: float
    to_x: float
    to_y: float
    role: str
    width: float = 1.2


@dataclass(frozen=True)
class Text:
    """A line of text, vertically centred on its point; `turned` reads upwards."""

    x: float
    y: float
    text: str
    role: str = "ink"
    anchor: str = "start"
    size: float = 13
    bold: bool = False
    turned: bool = False


Mark = Box | Dot | Curve | Text


@dataclass
class Drawing:
    """A picture, with its title and with words that say all that it shows.

    Parameters
    ----------
    name : str
        What kind of picture it is; the page makes ids of it.
    title, description : str
    width, height : float
    marks : list of Mark
        In the order in which they are drawn.
    """

    name: str
    title: str
    description: str
    width: float
    height: float
    marks: list[Mark] = field(default_factory=list)

    def add(self, *marks: Mark) -> None:
        """Draw marks over what is there."""
        self.marks.extend(marks)


def clipped(text: str, width: float, size: float = 13) -> str:
    """Shorten a text that is wider than there is room for.

    Examples
    --------
    >>> clipped("Institute of Polymers", 200), clipped("Institute of Polymers", 80)
    ('Institute of Polymers', 'Institute…')
    """
    if width_of(text, size) <= width:
        return text
    most = len(text)
    while most > 1 and width_of(text[:most], size) > width - size:
        most -= 1
    return f"{text[:most].rstrip()}…"


def width_of(text: str, size: float = 13) -> float:
    """Return about how wide a text is."""
    return size * sum(_PLAIN if letter.isascii() else _BROAD for letter in text)
