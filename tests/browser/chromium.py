"""A Chromium for the browser tests: the system's, else the one from npm; with a Chinese font in either case.

`executable()` is a small script that sets what the browser needs to find (libraries, fonts) and becomes the browser,
so that whoever launches it needs to know nothing.
"""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".jishi" / "browser"
FONT = ROOT / "tests" / "browser" / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# What every launch of it needs in addition to Playwright's own flags: tests may run as root and in containers.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"]


def executable() -> Path:
    """The browser to launch (headless). Installs it the first time (about 10 s)."""
    wrapper = HOME / "run"
    subprocess.run([ROOT / "scripts" / "browser.sh"], check=True)
    browser = _system_browser() or HOME / "chromium"
    environment = {"FONTCONFIG_FILE": str(_font_settings())}
    if browser.parent == HOME and _lacks_libraries(browser):
        environment["LD_LIBRARY_PATH"] = str(HOME / "al2023" / "lib")
    settings = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())
    text = f'#!/bin/sh\n{settings}exec {shlex.quote(str(browser))} "$@"\n'
    if not wrapper.exists() or wrapper.read_text(encoding="utf-8") != text:
        new = HOME / f"run.{os.getpid()}"
        new.write_text(text, encoding="utf-8")
        new.chmod(0o755)
        new.replace(wrapper)
    return wrapper


def _system_browser() -> Path | None:
    for name in SYSTEM_BROWSERS:
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def _lacks_libraries(browser: Path) -> bool:
    """Whether the system lacks a library that the package brings."""
    try:
        listed = subprocess.run(["ldd", browser], capture_output=True, text=True, check=False).stdout
    except OSError:
        return True
    return "not found" in listed


def _font_settings() -> Path:
    """The system's fonts and ours; ours is what Chinese text gets where the system has nothing."""
    path = HOME / "fonts.conf"
    text = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{FONT / "400Regular"}</dir>
  <dir>{FONT / "700Bold"}</dir>
  <dir>{HOME / "fonts" / "fonts"}</dir>
  <alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <cachedir>{HOME / "font-cache"}</cachedir>
</fontconfig>
"""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path
