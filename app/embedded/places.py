"""Where embedded servers keep their programs and data, and as which user they run.

As root, PostgreSQL must run as somebody else, who may not be able to enter the checkout (a home directory of mode
700): programs are copied to, and data kept in, `/var/lib/jishi`. As a plain user, data stay in the checkout's
`.jishi/data`, or in the user's state directory where the checkout cannot be written.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import tempfile
import time
import uuid
from pathlib import Path

from app.embedded.children import Rights
from app.embedded.faults import ServersFault

ROOT_HOME = Path("/var/lib/jishi")
FREE_BYTES_MIN = 500 * 1024 * 1024
SCRATCH_AGE_SECONDS = 120
LESSER_USERS = ("nobody", "daemon")


def is_root() -> bool:
    """Whether we run as root, as PostgreSQL may not."""
    return os.geteuid() == 0


def lesser_rights() -> Rights | None:
    """The user for servers: somebody without rights if we are root, else ourselves (None)."""
    if not is_root():
        return None
    for name in LESSER_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Rights(entry.pw_uid, entry.pw_gid)
    raise ServersFault(
        "PostgreSQL 不能以 root 身份运行，而本机没有 nobody 用户，请换普通用户运行",
        "PostgreSQL refuses to run as root and this machine has no user 'nobody': run as a plain user",
    )


def state_directory(checkout: Path) -> Path:
    """Where the servers of this checkout keep their data. The same checkout always gets the same place."""
    if is_root():
        return ROOT_HOME / _checkout_name(checkout)
    inside = checkout / ".jishi" / "data"
    if _can_make(inside):
        return inside
    named = os.environ.get("XDG_STATE_HOME")
    state = Path(named) if named else Path("~/.local/state").expanduser()
    return state / "jishi" / _checkout_name(checkout)


def _checkout_name(checkout: Path) -> str:
    """A short name made of the path and of an identity kept in the checkout: a new clone begins with new data."""
    identity = checkout / ".jishi" / "id"
    try:
        identity.parent.mkdir(exist_ok=True)
        if not identity.exists():
            identity.write_text(uuid.uuid4().hex + "\n", encoding="ascii")
        token = identity.read_text(encoding="ascii").strip()
    except OSError:
        token = ""  # a checkout that cannot be written is told apart by its path alone
    return hashlib.sha256(f"{checkout.resolve()}\n{token}".encode()).hexdigest()[:16]


def _can_make(directory: Path) -> bool:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(directory, os.W_OK)


def make_directory(directory: Path, mode: int, rights: Rights | None = None) -> None:
    """Make a directory with its owner and mode, or say in one line why not."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if rights is not None:
            os.chown(directory, rights.uid, rights.gid)
        directory.chmod(mode)
    except PermissionError:
        owner = directory.stat().st_uid if directory.exists() else "?"
        raise ServersFault(
            f"目录 {directory} 属于用户 {owner},当前用户 {os.geteuid()} 不能使用：请用原用户运行，或删除该目录",
            f"{directory} belongs to user {owner}, we are user {os.geteuid()}: run as that user, or remove it",
        ) from None
    except OSError as error:
        raise ServersFault(
            f"无法建立目录 {directory}:{error.strerror}", f"cannot make {directory}: {error.strerror}"
        ) from None


def require_reachable(directory: Path) -> None:
    """As root, refuse a place that the servers' user cannot enter."""
    closed = [place for place in (directory, *directory.parents) if not place.stat().st_mode & 0o001]
    if is_root() and closed:
        raise ServersFault(
            f"以 root 运行时，数据库用户进不了 {closed[-1]}:请换一个数据目录",
            f"as root, the servers' user cannot enter {closed[-1]}: choose another data directory",
        )


def require_space(directory: Path, bytes_min: int = FREE_BYTES_MIN) -> None:
    """Refuse to start where the disk is nearly full: PostgreSQL stops hard when it cannot write its log."""
    free = shutil.disk_usage(directory).free
    if free < bytes_min:
        megabytes, least = free >> 20, bytes_min >> 20
        raise ServersFault(
            f"磁盘空间不足:{directory} 只剩 {megabytes} MB,至少需要 {least} MB,请清理后再试",
            f"disk full: {megabytes} MB left at {directory}, {least} MB needed: free some space and try again",
        )


class DirectoryLock:
    """One supervisor per directory. The kernel frees the lock when its holder ends, however it ended."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "lock"
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Take it; False if somebody else holds it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return True

    def holder(self) -> str:
        """The process id that the holder wrote down."""
        try:
            return self._path.read_text(encoding="ascii").strip() or "?"
        except OSError:
            return "?"

    def release(self) -> None:
        """Let it go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def scratch_directory() -> Path:
    """A new directory for throw-away servers. Those that killed runs left behind are removed first."""
    base = ROOT_HOME / "scratch" if is_root() else Path(tempfile.gettempdir()) / f"jishi-{os.geteuid()}"
    if is_root():
        make_directory(ROOT_HOME, 0o755)
    make_directory(base, 0o711)
    for old in base.iterdir():
        lock = DirectoryLock(old)
        try:
            # A young one may be somebody's who has not taken its lock yet.
            if old.is_dir() and time.time() - old.stat().st_mtime > SCRATCH_AGE_SECONDS and lock.take():
                shutil.rmtree(old, ignore_errors=True)
        except OSError:
            continue  # somebody else is removing it
        finally:
            lock.release()
    made = Path(tempfile.mkdtemp(dir=base))
    made.chmod(0o711)  # the servers' user passes through it
    return made
