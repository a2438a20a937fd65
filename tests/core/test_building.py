"""How the core comes into a package, and when it is left alone."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from hatch_build import NEEDED, compile_core, compile_in_place, compiler
from newscrawl.pages.core import CORE, fitting, sources_of
from newscrawl.terminal.version import version
from tests.core import installing
from tests.core.comparing import ROOT, Reader
from tests.deploy import eggs

COMPILED = (".so", ".pyd")
needs_compiler = pytest.mark.skipif(compiler() is None, reason="there is no C compiler")


def compiled(wheel: installing.Wheel) -> list[str]:
    return [name for name in wheel.names if name.endswith(COMPILED)]


@needs_compiler
def test_with_a_compiler_the_wheel_has_the_core(tmp_path):
    made = installing.wheel(tmp_path / "built")
    assert len(compiled(made)) == 1
    assert "none-any" not in made.file.name
    installed = installing.install(made.file, tmp_path)
    assert "(compiled core)" in installed.version
    assert "(pure Python: NEWSCRAWL_PURE=1)" in installed.run(
        "-m", "newscrawl", "--version", NEWSCRAWL_PURE="1"
    )
    assert installed.run("-c", installing.SHORT) == "Harbour"


@pytest.mark.parametrize("named", ["false", "/no/such/compiler"])
def test_without_a_compiler_the_package_is_pure_python_and_says_so(tmp_path, named):
    made = installing.wheel(tmp_path / "built", CC=named)
    assert compiled(made) == []
    assert made.file.name.endswith("-py3-none-any.whl")
    (line,) = [line for line in made.said.splitlines() if installing.SAID in line]
    assert len(line) > len(installing.SAID)
    installed = installing.install(made.file, tmp_path)
    assert "(pure Python: no core was compiled)" in installed.version
    assert installed.run("-c", installing.SHORT) == "Harbour"


def test_a_checkout_is_installed_with_a_compiler_or_without(tmp_path):
    project = eggs.checkout(tmp_path)
    without = installing.install(project, tmp_path, "-e", **installing.WITHOUT)
    assert installing.SAID in without.said
    assert "(pure Python: no core was compiled)" in without.version
    if compiler() is not None:
        core = compile_in_place(project)
        assert "(compiled core)" in without.version
        installing.install(project, tmp_path, "-e", **installing.WITHOUT)
        assert not core.exists(), "an old core would be left in the place of none"


def other_headers(folder: Path, lxml: str, libxml2: str) -> Path:
    """Headers that are those of another release by what they say."""
    (folder / "libxml").mkdir(parents=True)
    (folder / "lxml-version.h").write_text(f'#define LXML_VERSION_STRING "{lxml}"\n')
    (folder / "libxml" / "xmlversion.h").write_text(
        f"#include_next <libxml/xmlversion.h>\n#undef LIBXML_DOTTED_VERSION\n"
        f'#define LIBXML_DOTTED_VERSION "{libxml2}"\n'
    )
    return folder


@needs_compiler
@pytest.mark.parametrize(
    ("lxml", "libxml2", "told"),
    [("5.4.0", "2.14.6", "lxml 5.4.0"), ("6.1.0", "2.11.9", "libxml2 2.11.9")],
)
def test_a_core_for_another_lxml_is_left_alone(tmp_path, lxml, libxml2, told):
    headers = other_headers(tmp_path / "headers", lxml, libxml2)
    core = compile_core(ROOT, tmp_path / "built", headers=headers)
    reader = Reader(pure=False, core=core)
    reader.end()
    assert not reader.compiled
    assert f"compiled for {told}, and " in reader.reason


@needs_compiler
def test_a_core_that_does_not_load_is_left_alone(tmp_path):
    made = installing.wheel(tmp_path / "built")
    installed = installing.install(made.file, tmp_path)
    (core,) = compiled(made)
    (installed.packages / core).write_bytes(b"no library")
    assert "(pure Python: the core does not load: " in installed.version


def test_the_version_says_how_pages_are_read():
    expected = "(compiled core)" if CORE.compiled is not None else f"(pure Python: {CORE.reason})"
    assert expected in version()
    assert version().startswith("newscrawl 0.")
    assert ", lxml 6." in version()


def test_what_the_hook_needs_is_locked():
    asked = (ROOT / "locks" / "build.in").read_text(encoding="utf-8").splitlines()
    assert set(NEEDED) <= set(asked)


def test_the_sources_of_the_core_are_in_the_image_and_the_source_distribution():
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert "hatch_build.py" in dockerfile
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = told["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert {"hatch_build.py", "newscrawl"} <= set(packed)


def test_a_core_of_other_sources_is_left_alone():
    old = ModuleType("old")
    old.BUILT_FROM = "what it was"  # type: ignore[attr-defined] # as the core has it
    found = fitting(old, sources_of(ROOT / "newscrawl" / "pages"))
    assert found.compiled is None
    assert found.reason.startswith("the core was compiled from other sources")
