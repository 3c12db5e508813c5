"""What must hold for the tree as a whole: nothing of this machine in it, and nothing that lies."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

import zeroplant
from tests.shared import ROOT, shared_data

# Written as patterns that do not match themselves.
FOREIGN = {
    "address of a package index": r"pypi\.org|pythonhosted\.org|npmjs\.(org|com)|--index-ur[l]",
    "path of one machine": r"(?<![\w.~])/(wor[k]|roo[t]|home/\w+|Users/\w+|opt/pyp[i])(?=/|\b)",
    "address inside one machine": r"file[:]//",
}
# The readers of a file that grows past this must scroll; give the reason here, or split it.
LONGEST_FILE = 400
LONG_FILES: dict[str, str] = {}
LONGEST_FUNCTION = 60
LONG_FUNCTIONS: dict[str, str] = {}


@cache
def tree() -> tuple[Path, ...]:
    """Every file that is, or would be, part of the repository."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a checkout: the source stands outside git")
    paths = (ROOT / name for name in done.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def text(path: Path) -> str:
    """The file as text; a binary one as what of it can be read."""
    return path.read_text(encoding="utf-8", errors="ignore")


def fences(name: str, language: str) -> list[str]:
    """Code blocks of one language in a Markdown file."""
    return re.findall(rf"^```{language}\n(.*?)^```", text(ROOT / name), flags=re.M | re.S)


def commands(name: str) -> list[str]:
    """Command lines a Markdown file tells its reader to type, without comments."""
    lines = "".join(fences(name, "sh")).splitlines()
    return [bare for line in lines if (bare := line.split("#")[0].strip())]


def functions() -> Iterator[tuple[str, int]]:
    """Name and length of each function of the tree."""
    for path in tree():
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(text(path))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    name = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                    yield name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("kind", FOREIGN)
def test_nothing_of_one_machine_is_in_the_tree(kind: str) -> None:
    """A clone must not depend on, or tell of, the machine it was written on."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in tree()
        for number, line in enumerate(text(path).splitlines(), 1)
        if (match := re.search(FOREIGN[kind], line))
    ]
    assert not found, f"{kind}:\n" + "\n".join(found)


@pytest.mark.parametrize("line", ["/" + "work/x", "see /" + "root/.config", "/" + "home/ann/x"])
def test_the_search_for_machine_paths_finds_them(line: str) -> None:
    """Guards the guard: a pattern that matches nothing would pass everything."""
    assert re.search(FOREIGN["path of one machine"], line)


def test_no_file_is_a_copy_of_shared_data() -> None:
    """The shared data sets have licences of their own and stay beside the project."""
    base = shared_data("cn_province_2020").parent
    ours = {path.stat().st_size: path for path in tree() if path.stat().st_size}
    theirs = [p for p in base.rglob("*") if p.is_file() and p.stat().st_size in ours]
    digests = {sha256(path.read_bytes()).digest() for path in theirs}
    copies = [p for p in tree() if sha256(p.read_bytes()).digest() in digests]
    assert not copies


def test_the_changelog_speaks_of_this_version() -> None:
    """The newest version of the changelog is the version of the package."""
    versions = re.findall(r"^## \[(\d[^\]]*)\]", text(ROOT / "CHANGELOG.md"), flags=re.M)
    assert versions[0] == zeroplant.__version__


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_make_commands_of_the_documents_exist(name: str) -> None:
    """Whoever types what a document says must not read "No rule to make target"."""
    targets = set(re.findall(r"^(\w+):", text(ROOT / "Makefile"), flags=re.M))
    typed = {word for line in commands(name) for word in re.findall(r"^make (\w+)", line)}
    assert typed, "the document names no make command at all"
    assert typed <= targets


def test_both_readmes_give_the_same_commands() -> None:
    """The Chinese reader gets what the English reader gets."""
    assert commands("README.md") == commands("README.zh-CN.md")
    assert fences("README.md", "yaml") == fences("README.zh-CN.md", "yaml")


def test_files_and_functions_stay_short() -> None:
    """The largest file and function can be read without getting lost; exceptions say why."""
    python = [path for path in tree() if path.suffix == ".py"]
    lines = {p.relative_to(ROOT).as_posix(): text(p).count("\n") for p in python}
    long_files = {name for name, count in lines.items() if count > LONGEST_FILE}
    long_functions = {name for name, count in functions() if count > LONGEST_FUNCTION}
    assert long_files == LONG_FILES.keys()
    assert long_functions == LONG_FUNCTIONS.keys()


def test_the_locks_pin_everything_and_agree() -> None:
    """Each line is one exact version, dev.txt holds runtime.txt, and no requirement is missing."""
    locks = {name: text(ROOT / f"requirements/{name}.txt") for name in ("runtime", "dev")}
    pins = {
        name: {line for line in lock.splitlines() if not line.startswith("#")}
        for name, lock in locks.items()
    }
    for line in pins["dev"]:
        assert re.fullmatch(r"[a-z0-9.-]+==[\w.]+( ; sys_platform == '\w+')?", line)
    assert pins["runtime"] <= pins["dev"]
    project = tomllib.loads(text(ROOT / "pyproject.toml"))
    for lock, wanted in (
        ("runtime", project["project"]["dependencies"]),
        ("dev", project["dependency-groups"]["dev"]),
    ):
        names = {re.split(r"[><=[]", line)[0].lower().replace(".", "-") for line in wanted}
        assert names <= {line.split("==")[0] for line in pins[lock]}


def test_continuous_integration_can_be_run() -> None:
    """A script without its executable bit is a script nobody runs."""
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
