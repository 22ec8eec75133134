"""Which heavy libraries a command loads: only those that it uses."""

import subprocess
import sys
from pathlib import Path

import pytest

TENSORS = {"torch", "transformers", "pandas", "pyarrow", "numpy", "accelerate", "peft"}
NETWORK = {"httpx", "huggingface_hub", "openai", "aiohttp", "requests"}
HEAVY = {*TENSORS, *NETWORK, "sqlalchemy", "jinja2", "lm_eval", "datasets", "altair"}
SEE = """
import sys
from elige.cli import main
try:
    main()
except SystemExit as left:
    print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
    raise
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all of them, with its catalogue made."""
    made = tmp_path_factory.mktemp("home")
    loaded(made, "models", "search", "falcon")
    return made


def loaded(home: Path, *arguments: str) -> set[str]:
    """The top-level modules at the end of a command."""
    done = subprocess.run(
        [sys.executable, "-c", SEE, *arguments],
        capture_output=True, text=True, check=False, cwd=home,
        env={"ELIGE_HOME": str(home), "HOME": str(home), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("--help", id="help"),
        pytest.param("--version", id="version"),
        pytest.param("models search falcon", id="search"),
        pytest.param("models show tiiuae/falcon-7b", id="show"),
        pytest.param("models similar tiiuae/falcon-7b", id="similar"),
        pytest.param("models tree tiiuae/falcon-7b", id="tree"),
        pytest.param("models compare tiiuae/falcon-7b tiiuae/falcon-40b", id="compare"),
        pytest.param("models sync", id="the list of sources"),
        pytest.param("openness allenai/OLMo-7B", id="openness"),
        pytest.param("fit config.json", id="fit of a configuration"),
        pytest.param("cost tiiuae/falcon-7b --alone", id="cost"),
    ],
)
def test_a_command_about_the_catalogue_loads_nothing_heavy(home: Path, line: str) -> None:
    config = '{"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, '
    config += '"num_attention_heads": 4, "intermediate_size": 128, "vocab_size": 100}'
    (home / "config.json").write_text(config, "utf-8")
    assert not HEAVY & loaded(home, *line.split())


def test_help_and_version_load_no_part_of_the_catalogue(home: Path) -> None:
    for line in ("--help", "--version"):
        assert not {"tantivy", "lz4", "yaml", "pydantic"} & loaded(home, line)


def test_reading_sources_leaves_the_store_alone(home: Path) -> None:
    """No command about the catalogue makes a store; then none was asked of one either."""
    loaded(home, "models", "show", "tiiuae/falcon-7b")
    assert not (home / "elige.db").exists()
