from pathlib import Path

import psutil
import pytest

from elige.machine.facts import cuda_gpus, machine_facts, memory_bytes, read_smi, usable_cores
from elige.machine.packages import extra, extras


def test_this_computer_is_told(tmp_path: Path) -> None:
    found = machine_facts(tmp_path / "not" / "there", {})

    assert found.cpu
    assert 1 <= found.cores <= (psutil.cpu_count() or 1)
    assert 0 < found.available_bytes <= found.memory_bytes <= psutil.virtual_memory().total
    assert found.disk_free_bytes > 0
    assert found.cores == usable_cores()


def test_the_smallest_cgroup_bounds_the_memory(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "memory.max").write_text("1000000\n")
    (tmp_path / "a" / "memory.current").write_text("400000\n")
    (inner / "memory.max").write_text("max\n")
    own = tmp_path / "own"
    own.write_text("0::/a/b\n")

    assert memory_bytes(tmp_path, own) == (1_000_000, 600_000)


def test_an_old_cgroup_bounds_the_memory_too(tmp_path: Path) -> None:
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("5000000\n")
    (tmp_path / "memory" / "memory.usage_in_bytes").write_text("9000000\n")

    assert memory_bytes(tmp_path, tmp_path / "none") == (5_000_000, 0)


def test_without_cgroups_the_machine_s_memory_counts(tmp_path: Path) -> None:
    assert memory_bytes(tmp_path, tmp_path / "none")[0] == psutil.virtual_memory().total


@pytest.mark.parametrize(
    ("share", "cores"),
    [
        pytest.param("100000 100000", 1, id="one"),
        pytest.param("20000 100000", 1, id="a fifth is rounded up"),
        pytest.param("99900000 100000", None, id="more than there are"),
        pytest.param("max 100000", None, id="no limit"),
        pytest.param("nonsense", None, id="unreadable"),
    ],
)
def test_a_container_s_share_bounds_the_cores(
    share: str, cores: int | None, tmp_path: Path
) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "cpu.max").write_text(f"{share}\n")
    (inner / "cpu.max").write_text("max 100000\n")
    own = tmp_path / "own"
    own.write_text("0::/a/b\n")

    assert usable_cores(tmp_path, own) == (cores or usable_cores(tmp_path, tmp_path / "none"))


def test_an_old_container_s_share_bounds_the_cores_too(tmp_path: Path) -> None:
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("50000\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")

    assert usable_cores(tmp_path, tmp_path / "none") == 1


def test_nvidia_smi_is_read() -> None:
    text = "NVIDIA H200, 143771, 143000, 9.0, 570.1\nbroken line\nOld, 4096, 4000, 7.5, 570.1\n"

    new, old = read_smi(text)

    assert (new.name, new.memory_bytes, new.capability) == ("NVIDIA H200", 143771 << 20, (9, 0))
    assert (new.computes_bf16, old.computes_bf16) == (True, False)


@pytest.mark.parametrize(
    ("visible", "names"),
    [
        pytest.param(None, ["a", "b"], id="all"),
        pytest.param("1", ["b"], id="one"),
        pytest.param("1,0", ["b", "a"], id="in order"),
        pytest.param("7", [], id="not there"),
        pytest.param("", [], id="none"),
        pytest.param("-1", [], id="switched off"),
        pytest.param("GPU-uuid", ["a"], id="by uuid"),
    ],
)
def test_hidden_devices_do_not_count(
    visible: str | None, names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    smi = tmp_path / "nvidia-smi"
    smi.write_text("#!/bin/sh\necho 'a, 1, 1, 8.0, 1'\necho 'b, 1, 1, 8.0, 1'\n")
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    assert [gpu.name for gpu in cuda_gpus(visible)] == names


def test_a_failing_nvidia_smi_is_no_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smi = tmp_path / "nvidia-smi"
    smi.write_text("#!/bin/sh\nexit 9\n")
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    assert cuda_gpus() == ()


def test_each_extra_says_what_installs_it() -> None:
    assert {one.name for one in extras()} >= {"torch", "report", "data", "postgres"}
    assert extra("torch").install_line == "pip install 'elige[torch]'"


def test_extras_are_those_of_the_project(pytestconfig: pytest.Config) -> None:
    import tomllib

    declared = tomllib.loads((pytestconfig.rootpath / "pyproject.toml").read_text("utf-8"))
    known = declared["project"]["optional-dependencies"]
    for one in extras():
        names = {line.split(">")[0].split("[")[0] for line in known[one.name]}
        assert names - {"elige"} == {*one.versions, *one.missing}
