"""What differs between two records, in words; and where metadata say a licence."""

from __future__ import annotations

from typing import Any

import pytest

from graph.package_changes import licence_of
from graph.package_index import Index
from graph.package_register import Wanted
from graph.refresh import renew
from tests.graph.shelf import TODAY, Pip, Shelf, have, upload, wheel


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"license_expression": "MIT OR Apache-2.0", "license": "see file"}, "MIT OR Apache-2.0"),
        ({"license": "BSD", "classifier": ["License :: OSI Approved :: MIT License"]}, "BSD"),
        ({"license": None, "classifier": ["License :: Freely Distributable", "License :: OSI Approved :: BSD License"]},
         "Freely Distributable and BSD License"),
        ({"license": "Copyright (c) 2020 X\n\nPermission is", "classifier": ["License :: OSI Approved :: MIT License"]}, "MIT License"),
        ({"license": "UNKNOWN"}, ""),
        ({"license": "LicenseRef-House"}, "LicenseRef-House"),
    ],
)  # fmt: skip
def test_where_a_licence_is_said(shelf: Shelf, index: Index, pip: Pip, works: Wanted, said: dict[str, Any], wanted: str) -> None:
    """The expression, else the field where it is a name and no text, else all classifiers; UNKNOWN says nothing."""
    pip.metadata.update(said)
    shelf.project({"1.0": [upload(wheel("1.0"))]})
    change = renew(works, index, TODAY)
    assert licence_of(change.after["newest"]) == wanted
    assert f"licence {wanted or 'not stated'}" in change.text


def test_a_licence_that_moves_to_the_expression_is_unchanged(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """The same words in another field are the same licence; others are told with what they were."""
    have(works, license_expression="", license="MIT")
    pip.metadata.update(license=None, license_expression="MIT")
    shelf.project({"1.1": [upload(wheel("1.1"))], "1.0": [upload(wheel("1.0"))]})
    assert "licence unchanged" in renew(works, index, TODAY).text
    pip.metadata.update(license_expression="GPL-3.0-only")
    assert "licence GPL-3.0-only (was MIT)" in renew(works, index, TODAY).text


def test_a_project_that_calls_itself_inactive(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """A fresh release of a dead project: its classifier is told when it comes."""
    have(works)
    pip.metadata["classifier"] = ["Development Status :: 7 - Inactive"]
    shelf.project({"1.0": [upload(wheel("1.0"))], "1.1": [upload(wheel("1.1"))]})
    assert "now calls itself inactive" in renew(works, index, TODAY).text


def test_the_line_of_a_change(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """What people look for first comes first."""
    have(works)
    pip.metadata.update(
        license_expression="MIT", license=None, requires_python=">=3.11", requires_dist=["cog>=2", "bells; extra == 'sound'"]
    )
    shelf.project({v: [upload(wheel(v), "2026-11-03")] for v in ("1.1", "1.0.1", "2.0rc1")} | {"1.0": [upload(wheel("1.0"))]})
    assert renew(works, index, TODAY).text == (
        "Wheel.Works 1.0 -> 1.1, released 2026-11-03; licence unchanged; requires Python >=3.11 (was >=3.10); "
        "now needs cog; no longer needs spring; also released 1.0.1 (2026-11-03), 2.0rc1 (2026-11-03, pre-release)"
    )
