"""What the package index knows of the releases that are pinned: told, or said not to be known; nothing is passed over."""

from __future__ import annotations

from pathlib import Path

from graph.package_index import Index
from tests.graph.shelf import Shelf
from tests.soak.pins import faults, named


def test_every_package_that_is_named_is_pinned() -> None:
    """Those of the extras among them; a name without a pin would raise."""
    assert {"rdflib", "pytest", "schemathesis"} <= set(named())
    assert all(named().values())


def test_a_known_vulnerability_of_a_pinned_release_is_told(shelf: Shelf, index: Index, tmp_path: Path) -> None:
    """With its name and the release that mends it; a withdrawn one is not, and an index that does not tell is. Where it knows no single
    releases, what it says of the newest is taken for that one only.
    """
    (tmp_path / "constraints.txt").write_text("Wheel_Works==1.0\nspring==2\nbells==3\nunasked==1\n")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["wheel-works>=1", "spring"]\n[project.optional-dependencies]\ntest = ["bells[loud]>=2"]\n'
    )
    known = {"id": "GHSA-1", "aliases": ["CVE-7"], "fixed_in": ["1.1"], "link": "", "withdrawn": None}
    gone = {"id": "CVE-8", "aliases": [], "fixed_in": [], "link": "", "withdrawn": "2026-01-01T00:00:00Z"}
    shelf.put("/pypi/wheel-works/1.0/json", {"info": {"version": "1.0"}, "vulnerabilities": [known, gone]})
    shelf.put("/pypi/spring/2/json", {"info": {"version": "2"}})
    shelf.put("/pypi/bells/json", {"info": {"version": "3"}, "vulnerabilities": []})
    shelf.put("/pypi/spring/json", {"info": {"version": "2.1"}, "vulnerabilities": []})
    pinned = named(tmp_path)
    assert pinned == {"bells": "3", "spring": "2", "wheel-works": "1.0"}
    assert list(faults(index, pinned)) == ["spring 2: the index does not say what is known", "wheel-works 1.0: CVE-7, mended in 1.1"]
    assert shelf.asked == [
        "/pypi/bells/3/json", "/pypi/bells/json", "/pypi/spring/2/json", "/pypi/spring/json", "/pypi/wheel-works/1.0/json",
    ]  # fmt: skip
