"""What is handed to those who run the bot names what there is."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import meters

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
NOBODY = 65534
FAKE_TOKEN = f"{'M' * 26}.{'G' * 6}.{'x' * 38}"
NAME = re.compile(r"\b(?:bside|process)_[a-z_]+")


def known() -> set[str]:
    """Return every name that Prometheus may find, also before anything was counted."""
    names = set()
    for family in meters.REGISTRY.collect():
        for ending in ("", "_total", "_count", "_sum", "_bucket"):
            names.add(family.name + ending)
    return names


def test_the_dashboard_and_the_alerts_ask_for_what_is_measured() -> None:
    dashboard = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    alerts = re.findall(r"expr: (.+)", (DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))

    asked = set(NAME.findall("\n".join([*queries, *alerts])))

    assert len(asked) > 10
    assert asked <= known()


def test_each_alert_says_what_to_do() -> None:
    text = (DEPLOY / "alerts.yaml").read_text(encoding="utf-8")

    assert text.count("- alert:") == text.count("summary:") == text.count("description:")


def steps(stage: int) -> list[tuple[str, str]]:
    """Return the instructions of a stage of the Dockerfile, each with its argument."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.M))
    stages = re.split(r"^(?=FROM )", joined, flags=re.M)[1:]
    lines = [line.strip() for line in stages[stage].splitlines() if line.strip()]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


@pytest.fixture(scope="module")
def built() -> Iterator[Path]:
    """Do what the first stage of the Dockerfile does, in an empty folder; return its root."""
    root = Path(tempfile.mkdtemp(prefix="bside-image-"))
    try:
        source, here = root / "src", root / "src"
        for name, rest in steps(0):
            if name == "WORKDIR":
                here = root / rest.lstrip("/")
                here.mkdir(parents=True)
            elif name == "COPY":
                *sources, target = rest.split()
                for one in sources:
                    copied(ROOT / one, here / target / one if target == "./" else here / target)
            elif name == "RUN":
                command = rest.replace("/opt/", f"{root}/opt/")
                command = re.sub(r"^python ", f"{sys.executable} ", command)
                subprocess.run(command, shell=True, check=True, cwd=source, env=plain_environment())  # noqa: S602
            else:
                assert name == "FROM"
        yield root
    finally:
        shutil.rmtree(root)


def copied(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def plain_environment(**more: str) -> dict[str, str]:
    """Return an environment in which nothing of this project is found but what is installed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **more}


def others_reach(file: Path) -> bool:
    """Tell whether every user may run a program."""
    return all(folder.stat().st_mode & 0o001 for folder in file.resolve().parents)


def settings_of_the_image(root: Path) -> dict[str, str]:
    pairs = [pair for name, rest in steps(1) if name == "ENV" for pair in rest.split()]
    found = dict(pair.split("=", 1) for pair in pairs)
    found["DATABASE_URL"] = found["DATABASE_URL"].replace("////data", f"///{root}/data")
    del found["PATH"]
    return found


def test_the_steps_of_the_image_make_a_bot_that_runs_as_a_plain_user(built: Path) -> None:
    data = built / "data"
    data.mkdir()
    if os.getuid() == 0:
        for folder in (built, *built.rglob("*")):
            folder.chmod(folder.stat().st_mode | 0o055)
        os.chown(data, NOBODY, NOBODY)
    environment = plain_environment(
        **settings_of_the_image(built), HOME=str(data), DISCORD_TOKEN=FAKE_TOKEN
    )
    user = NOBODY if os.getuid() == 0 and others_reach(Path(sys.executable)) else None
    if user is None and os.getuid() == 0:  # this Python lies in root's own folder
        os.chown(data, 0, 0)
    bside = built / "opt" / "bside" / "bin" / "bside"

    def done(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [bside, *arguments],
            env=environment,
            cwd=data,
            user=user,
            capture_output=True,
            text=True,
            check=False,
        )

    version, upgraded, checked = done("--version"), done("db", "upgrade"), done("db", "check")

    assert version.returncode == 0, version.stderr
    assert upgraded.returncode == 0, upgraded.stderr
    assert "is sound" in checked.stdout
    assert (data / "bside.db").stat().st_mode & 0o077 == 0


def test_the_image_runs_as_nobody_in_particular_and_is_watched() -> None:
    told = dict(steps(1))

    assert told["USER"] == "bside"
    assert told["VOLUME"] == "/data"
    assert "/healthz" in told["HEALTHCHECK"]
    assert told["ENTRYPOINT"] == '["bside"]'
    assert told["CMD"] == '["run"]'


def test_all_that_the_image_copies_is_let_through_to_its_builder() -> None:
    let = set((ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines())
    copied_ones = {one for name, rest in steps(0) if name == "COPY" for one in rest.split()[:-1]}

    assert {f"!{one}" for one in copied_ones} <= let
    assert all((ROOT / one).exists() for one in copied_ones)


def test_what_is_built_by_itself_is_the_small_image_and_postgresql_adds_its_programs() -> None:
    assert steps(2)[0] == ("FROM", "bside AS postgresql")
    assert "postgresql-client" in dict(steps(2))["RUN"]
    assert steps(2)[-1] == ("USER", "bside")
    assert steps(3) == [("FROM", "bside")]


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgresql.yaml"])
def test_the_compose_file_is_one(name: str) -> None:
    done = subprocess.run(  # noqa: S603
        [
            Path(sys.executable).with_name("check-jsonschema"),
            "--builtin-schema",
            "vendor.compose-spec",
            ROOT / name,
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_the_service_may_write_its_own_folder_only() -> None:
    unit = (DEPLOY / "bside.service").read_text(encoding="utf-8")

    for line in ("ProtectSystem=strict", "NoNewPrivileges=true", "StateDirectory=bside"):
        assert line in unit.splitlines()
    assert "sqlite+aiosqlite:////var/lib/bside/" in unit
