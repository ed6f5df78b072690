"""The system's Chromium, and a font with Chinese letters, for the browser tests."""

import os
import shutil
from pathlib import Path

from workshop.programs import SetupStopped, aloud, answer
from workshop.steps import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")


def provide() -> bool:
    """Say whether browser tests can run. On Debian root installs what they lack; in CI a missing browser fails."""
    if not (browser() and letters()) and may_install():
        say(f"浏览器测试需要 {'、'.join(PACKAGES)},正在用 apt-get 安装 …")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        if aloud(["apt-get", "-q", "update"], quiet) == 0:
            aloud(["apt-get", "-q", "install", "-y", "--no-install-recommends", *PACKAGES], quiet)
    if browser() and letters():
        return True
    lack = "中文字体" if browser() else "Chromium 浏览器"
    told = f"缺少{lack},请安装 {'、'.join(PACKAGES)}(例如 apt install {' '.join(PACKAGES)})。"
    if os.environ.get("CI"):
        raise SetupStopped(told)
    if not browser():
        say(f"{told} 本次不运行浏览器测试。")
        return False
    say(told)
    return True


def may_install() -> bool:
    """Say whether this is a Debian on which we are root."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return root and Path("/etc/debian_version").is_file() and shutil.which("apt-get") is not None


def browser() -> str | None:
    """Give the path of a Chromium."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def letters() -> bool:
    """Say whether a font has Chinese letters; where nobody can be asked, trust the machine."""
    return answer(["fc-list", ":lang=zh"]) != "" if shutil.which("fc-list") else True
