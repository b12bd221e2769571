"""What a newcomer relies on: two commands, exact pins, and nothing that names a machine."""

import os
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.!+]*")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted|--(extra-)?index-url|find-links|debian\.org|docker\.io|ghcr\.io", re.I
)
MACHINE = re.compile(r"/(work|root|home)/\w")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def words_of(name: str) -> list[str]:
    """The lines of a requirements file, without remarks."""
    lines = (ROOT / name).read_text().splitlines()
    return [word for line in lines if (word := line.partition("#")[0].strip())]


def named(requirement: str) -> str:
    return re.split(r"[\[=<>!~ ]", requirement)[0].lower().replace("_", "-").replace(".", "-")


def test_every_package_is_pinned_exactly() -> None:
    assert [line for line in words_of("requirements.lock") if not PIN.fullmatch(line)] == []


def test_what_we_ask_for_is_in_the_lock_in_the_version_we_ask_for() -> None:
    locked = {named(line): line.partition("==")[2] for line in words_of("requirements.lock")}
    for line in words_of("requirements.in"):
        assert named(line) in locked, line
        if "==" in line:
            assert locked[named(line)] == line.partition("==")[2]


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE], ids=["registry", "machine"])
def test_no_file_names_a_registry_or_a_machine(pattern: re.Pattern[str]) -> None:
    found = []
    for path in tracked():
        if path != Path(__file__) and path.is_file():
            text = path.read_text(errors="replace")
            found += [
                f"{path.relative_to(ROOT)}: {match.group()}" for match in pattern.finditer(text)
            ]
    assert found == []


def test_every_target_has_its_line_of_help() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.M).group(1).split())  # type: ignore[union-attr]
    told = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True)
    assert {line.split()[0] for line in told.stdout.splitlines()} == targets
    assert all(len(line.split(maxsplit=1)) == 2 for line in told.stdout.splitlines())


@pytest.mark.parametrize("without", ["python", "venv"])
def test_a_missing_program_is_named_in_one_line(tmp_path: Path, without: str) -> None:
    """Somebody who may not install anything is told what to install."""
    folder = tmp_path / "a b"
    (folder / "deploy" / "setup").mkdir(parents=True)
    for name in ("deploy/setup/setup.sh", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "cat", "cut", "dirname", "flock", "mkdir", "sha256sum", "rm"):
        found = shutil.which(name)
        assert found is not None
        (programs / name).symlink_to(found)
    (programs / "id").write_text("#!/bin/sh\necho 1000\n")
    (programs / "id").chmod(0o755)
    if without == "venv":
        (programs / "python3.11").write_text("#!/bin/sh\ncase $2 in *venv*) exit 1;; esac\n")
        (programs / "python3.11").chmod(0o755)
    done = subprocess.run(
        [folder / "deploy" / "setup" / "setup.sh", "test"],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("setup: ")
    assert ("python3-venv is missing" if without == "venv" else "Python 3.11 or newer") in line


UNSIGNED = """Origin: Debian
Codename: trixie
Architectures: {architecture}
Components: main
SHA256:
 {digest} {size} main/binary-{architecture}/Packages
"""
NOBODYS_MIRROR = """#!/bin/sh
case "$*" in
    indextargets*) . /etc/os-release && echo "file:{mirror} $VERSION_CODENAME main" ;;
    *) exec {apt} "$@" ;;
esac
"""


def test_without_debians_signature_there_is_no_rabbitmq_4(tmp_path: Path) -> None:
    """What a mirror says without being signed is not believed, and why is kept for the tests."""
    folder, mirror, programs = tmp_path / "project", tmp_path / "mirror", tmp_path / "programs"
    asked = ["dpkg", "--print-architecture"]
    architecture = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    suite = mirror / "dists" / "trixie"
    packages = suite / "main" / f"binary-{architecture}" / "Packages"
    for made in (folder / "deploy" / "setup", packages.parent, programs):
        made.mkdir(parents=True)
    text = f"Package: rabbitmq-server\nVersion: 4\nArchitecture: {architecture}\n"
    packages.write_text(text)
    digest = sha256(text.encode()).hexdigest()
    words = UNSIGNED.format(architecture=architecture, digest=digest, size=len(text))
    (suite / "Release").write_text(words)
    shutil.copy(ROOT / "deploy" / "setup" / "rabbitmq4.sh", folder / "deploy" / "setup")
    (programs / "apt-get").write_text(
        NOBODYS_MIRROR.format(mirror=mirror, apt=shutil.which("apt-get"))
    )
    (programs / "apt-get").chmod(0o755)
    done = subprocess.run(
        [folder / "deploy" / "setup" / "rabbitmq4.sh"],
        env={"PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "is not signed" in (folder / "var" / "rabbitmq4.log").read_text()
    why = (folder / "var" / "rabbitmq4.why").read_text()
    assert why.startswith("apt-get could not get Debian 13's list of packages")
    assert done.stderr.splitlines()[-1] == f"rabbitmq4: {why.strip()}"
    assert not (folder / "var" / "rabbitmq4" / "rabbitmq-server").exists()


def test_what_is_done_is_not_done_again() -> None:
    if not (ROOT / ".venv" / "installed").exists():
        pytest.fail("run the tests by `make test` or `make check`")
    done = subprocess.run(
        ["deploy/setup/setup.sh", "check"], cwd=ROOT, capture_output=True, text=True, env=os.environ
    )
    assert (done.returncode, done.stderr) == (0, "")
