"""Which packages there are, by any of their names, and how old their records are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graph.corpus import data_folder
from graph.package_register import Register, Wanted
from graph.types import PackageError


def declare(data: Path, line: str) -> None:
    mapping = data / "packages" / "mapping.ttl"
    mapping.write_text(mapping.read_text() + line + "\n")


def test_an_abandoned_upload_is_not_looked_up(toy_data: Path) -> None:
    """A project that lives elsewhere: the data say so, and an old copy on the index never becomes its current version."""
    declare(toy_data, 'id:cog pkg:unlisted "its copy there is of 2012" .')
    register = Register.read(toy_data)
    with pytest.raises(PackageError, match="Cog is not looked up: its copy there is of 2012"):
        register.choose(["Cog"])
    assert "cog" not in {w.entity for w in register.declared()}


def test_a_package_is_found_by_any_of_its_names(toy_data: Path) -> None:
    """Package, thing, label or alias, in any spelling; one that is not recorded yet gets a file of its own."""
    declare(toy_data, 'id:mainspring pkg:name "Springs.Py" . id:cog pkg:name "cog-wheel" .')
    register = Register.read(toy_data)
    assert [w.entity for w in register.recorded()] == ["gear"]
    for name in ("cog-wheel", "Cog_Wheel", "cog", "Cog"):
        assert register.choose([name]) == [Wanted("cog", "cog-wheel", toy_data / "packages" / "cog.json")]
    assert [w.entity for w in register.choose(["gear", "springs-py", "GEAR"])] == ["gear", "mainspring"]


def test_a_name_that_is_no_package_says_how_to_add_one(toy_data: Path) -> None:
    """And what it may have meant."""
    with pytest.raises(PackageError, match=r"'geer' is no package we know; did you mean gear\?; else add a line to packages/mapping\.ttl"):
        Register.read(toy_data).choose(["geer"])


@pytest.mark.parametrize(
    ("thing", "package", "not_this"),
    [
        ("django-rest-framework", "djangorestframework", "django-rest-framework"),
        ("webpy", "web-py", "webpy"),
        ("fasthtml", "python-fasthtml", "fasthtml"),
        ("faust", "faust-streaming", "faust"),
        ("pygame-ce", "pygame-ce", "pygame"),
        ("django-channels", "channels", "django-channels"),
    ],
)
def test_a_package_need_not_be_called_as_the_thing_is(thing: str, package: str, not_this: str) -> None:
    """The names of ours that lead astray: under the other name stands a stub, a fork or somebody else's package."""
    packages = Register.read(data_folder()).packages
    assert packages[thing].name == package
    assert not_this not in {w.name for e, w in packages.items() if e == thing}


def test_records_older_than_so_many_days(toy_data: Path) -> None:
    """Counted from the day given; a package that was never recorded comes first."""
    declare(toy_data, 'id:cog pkg:name "cog-wheel" .')
    register = Register.read(toy_data)
    assert [(w.entity, day, age) for w, day, age in register.older(30, date(2027, 1, 1))] == [("cog", "", None), ("gear", "2026-11-20", 42)]
    assert [w.entity for w, _, _ in register.older(42, date(2027, 1, 1))] == ["cog"]


def test_every_declared_package_of_ours_is_a_thing_with_a_name() -> None:
    """A declaration for a thing that the data do not have would never be found."""
    from graph.corpus import read_corpus
    from graph.types import Iri

    data = data_folder()
    named = set(read_corpus(data).labels())
    register = Register.read(data)
    assert len(register.packages) > 40
    assert [e for e in (*register.packages, *register.unlisted) if Iri(f"https://framegraph.example/id/{e}") not in named] == []
