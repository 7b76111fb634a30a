"""A small question on disk, and a way to run commands in this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Here
from smart_labels import LABELS


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.delenv("CONSORTIA_LANG", raising=False)
    return Here(capsys)


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.yaml"
    path.write_text(LABELS, encoding="utf-8")
    return path


@pytest.fixture
def impossible(tmp_path: Path) -> Path:
    path = tmp_path / "impossible.yaml"
    path.write_text(LABELS.replace("budget: 90000", "budget: 40000"), encoding="utf-8")
    return path
