"""Other people's tools that do a part of the same, in a virtual environment of their own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

WANTED = ("check-jsonschema", "gto", "pre-commit")


class MissingError(Exception):
    """Something that a row is measured against isn't here; the text says what."""


def install(folder: Path) -> Path:
    """Make the environment unless it stands; the folder of its programs.

    What can't be had is missing there; `program` tells then.
    """
    programs = folder / "bin"
    if (folder / "installed").exists():
        return programs
    if uv := shutil.which("uv"):
        subprocess.run((uv, "venv", "--quiet", "--seed", str(folder)), check=False)
    else:
        subprocess.run((sys.executable, "-m", "venv", str(folder)), check=False)
    pip = (str(programs / "python"), "-m", "pip", "install", "--quiet")
    done = [subprocess.run((*pip, one), check=False).returncode for one in WANTED]
    if not any(done):
        (folder / "installed").touch()
    return programs


def program(programs: Path, name: str) -> str:
    """The path of a peer's program; MissingError where it isn't installed."""
    path = programs / name
    if not path.exists():
        raise MissingError(f"{name} is not installed in {programs.parent}")
    return str(path)
