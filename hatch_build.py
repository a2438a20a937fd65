"""Compiles ``newscrawl/pages/_core.pyx`` where a C compiler is; without one the package is pure Python.

``python hatch_build.py`` compiles it in place, for a checkout that is installed already.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import tempfile
from contextlib import chdir
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODULE = "newscrawl.pages._core"
ROOM = Path("newscrawl", "pages")
COMPILED = ("_core.*.so", "_core.*.pyd")
NEEDED = ["cython>=3.1", "lxml>=6.1,<6.2", "setuptools>=77"]
"""Of lxml the headers: a core fits only the lxml of its own minor number, see ``pages/core.py``."""


class CoreHook(BuildHookInterface[BuilderConfig]):
    """Adds the compiled core to a wheel; an editable one finds it beside its source."""

    def dependencies(self) -> list[str]:
        """Without a compiler nothing is asked for, which may itself have to be compiled."""
        return NEEDED if self.target_name == "wheel" and compiler() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; whatever fails is one line, and never the installation."""
        root = Path(self.root)
        if self.target_name != "wheel":
            return
        try:
            if version == "editable":
                compile_in_place(root)
            else:
                self._add(root, build_data)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - compilers fail in every way
            reason = " ".join(str(error).split())
            self.app.display_warning(f"newscrawl is installed without its compiled core: {reason}")

    def _add(self, root: Path, build_data: dict[str, Any]) -> None:
        built = compile_core(root, Path(self._scratch()))
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"][str(built)] = str(ROOM / built.name)

    def _scratch(self) -> str:
        self._folder = tempfile.mkdtemp(prefix="newscrawl-core-")
        return self._folder

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - the signature is hatchling's
        """Leave nothing behind: what was compiled is in the wheel."""
        if folder := getattr(self, "_folder", None):
            shutil.rmtree(folder, ignore_errors=True)


def compiler() -> str | None:
    """Return the C compiler that would be used; on Windows setuptools looks for it itself."""
    if sys.platform == "win32":
        return "msvc"
    named = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    return shutil.which(named.split()[0])


def sources_of(room: Path) -> str:
    """Return a hash of what is compiled, as ``pages/core.py`` does; nothing of it can be imported here."""
    files = sorted(room.glob("_core*.p[yx][xi]"))
    return sha256(b"".join(each.read_bytes() for each in files)).hexdigest()


def compile_in_place(root: Path) -> Path:
    """Compile beside the source, in place of what was compiled there for this Python before."""
    (root / ROOM / f"_core{sysconfig.get_config_var('EXT_SUFFIX')}").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="newscrawl-core-") as scratch:
        built = compile_core(root, Path(scratch))
        return Path(shutil.copy(built, root / ROOM / built.name))


def compile_core(
    root: Path, into: Path, *, flags: tuple[str, ...] = (), headers: Path | None = None
) -> Path:
    """Compile the core of the checkout ``root`` to a file below ``into``, and return its path.

    ``flags`` go to compiler and linker. Headers in ``headers`` come before those of the installed lxml.

    Raises:
        Exception: of Cython, setuptools or lxml, whatever is missing or wrong.
    """
    if compiler() is None:
        raise FileNotFoundError("there is no C compiler")
    # Not at the top: where no compiler is they need not be there
    import lxml  # noqa: PLC0415 - as said above
    from Cython.Build import cythonize  # noqa: PLC0415 - as said above
    from setuptools import Distribution, Extension  # noqa: PLC0415 - as said above

    extension = Extension(
        MODULE,
        [str(ROOM / "_core.pyx")],
        include_dirs=lxml.get_include(),
        define_macros=[("NEWSCRAWL_CORE_SOURCES", f'"{sources_of(root / ROOM)}"')],
        extra_compile_args=list(flags),
        extra_link_args=list(flags),
    )
    into = into.resolve()
    with chdir(root):
        modules = cythonize([extension], build_dir=str(into), quiet=True)
        if headers is not None:
            modules[0].include_dirs = [str(headers), *modules[0].include_dirs]
        command = Distribution({"ext_modules": modules, "script_args": []}).get_command_obj(
            "build_ext"
        )
        command.build_lib = command.build_temp = str(into)
        command.ensure_finalized()
        command.run()
    (built,) = (path for pattern in COMPILED for path in (into / ROOM).glob(pattern))
    return built


if __name__ == "__main__":
    sys.stdout.write(f"{os.path.relpath(compile_in_place(Path(__file__).parent))}\n")
