"""Every kind of bad input that the command line is tried with, and what must be told."""

import gzip
import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Content = bytes | str
Make = Callable[[Path], None]

GOOD = "question,answer\n" + "".join(f"What is {n} plus 1?,{n + 1}\n" for n in range(12))
CHOICES = "question,A,B,answer\n" + "".join(f"Is {n} even?,yes,no,A\n" for n in range(8))
TWO = ("-c", "echo,skill=0.9", "-c", "echo,skill=0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A command that cannot work: its files, its words, and the words of what is told.

    `value` is what was wrong, `step` belongs to the next step. Beside the files stands a good
    one, ex.csv. `make` prepares what no file's text can.
    """

    id: str
    arguments: tuple[str, ...]
    value: str
    step: str
    files: Mapping[str, Content] = field(default_factory=dict)
    make: Make = lambda _: None
    environment: Mapping[str, str] = field(default_factory=dict)


def choose(name: str, *rest: str) -> tuple[str, ...]:
    return ("choose", name, *TWO, *rest)


def against(reference: str) -> tuple[str, ...]:
    return ("choose", "ex.csv", "-c", "echo", "-c", reference)


def lines(*rows: object) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def pickled_folder(here: Path) -> None:
    folder = here / "model"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "llama"}')
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x02}q\x00.")


def folder_without_config(here: Path) -> None:
    (here / "model").mkdir()
    (here / "model" / "model.safetensors").write_bytes(b"\x00" * 64)


def truncated_safetensors(here: Path) -> None:
    folder = here / "model"
    folder.mkdir()
    config = {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "vocab_size": 64,
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text("{}")
    header = b'{"x":{"dtype":"F32","shape":[64,16],"data_offsets":[0,4096]}}'
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + b"12")


def home_in_the_way(here: Path) -> None:
    (here.parent / "elige").write_text("a file where the home should be")


def broken_database(here: Path) -> None:
    home = here.parent / "elige"
    home.mkdir()
    (home / "elige.db").write_bytes(b"this is no database at all" * 400)


def database_of_tomorrow(here: Path) -> None:
    home = here.parent / "elige"
    home.mkdir()
    with sqlite3.connect(home / "elige.db") as database:
        database.execute("CREATE TABLE elige_migrations (number INTEGER PRIMARY KEY, name TEXT)")
        database.execute("INSERT INTO elige_migrations VALUES (999, 'm0999_tomorrow')")
    database.close()


def open_key(here: Path) -> None:
    keys = here.parent / "elige" / "keys"
    keys.mkdir(parents=True)
    (keys / "127.0.0.1").write_text("secret")
    (keys / "127.0.0.1").chmod(0o644)


def folder_of_data(here: Path) -> None:
    (here / "data").mkdir()
    (here / "data" / "a.csv").write_text(GOOD)


SCORER = "def half(sample, answer):\n    return 0.5\n"

DATA = [
    Bad(
        id="no such file",
        arguments=choose("exx.csv"),
        value="no file exx.csv",
        step="Near it: ex.csv",
    ),
    Bad(
        id="missing column",
        arguments=choose("ex.csv", "--question", "frage"),
        value="'frage'",
        step="question, answer",
    ),
    Bad(
        id="no column like a question",
        arguments=choose("d.csv"),
        files={"d.csv": "a,b\n1,2\n"},
        value="there are a, b",
        step="--question",
    ),
    Bad(
        id="empty file",
        arguments=choose("d.csv"),
        files={"d.csv": ""},
        value="d.csv is empty",
        step="Give",
    ),
    Bad(
        id="only a header",
        arguments=choose("d.csv"),
        files={"d.csv": "question,answer\n"},
        value="d.csv",
        step="row",
    ),
    Bad(
        id="broken JSON line",
        arguments=choose("d.jsonl"),
        files={"d.jsonl": '{"question": "a", "answer": "b"}\n{"question": "c",\n'},
        value="line 2",
        step="Mend",
    ),
    Bad(
        id="broken JSON",
        arguments=choose("d.json"),
        files={"d.json": '[{"question": "a"},\n {"question": '},
        value="line 2",
        step="Mend",
    ),
    Bad(
        id="label outside the choices",
        arguments=choose("d.csv"),
        files={"d.csv": "question,A,B,answer\nq,x,y,C\nr,x,y,E\n"},
        value="outside the choices",
        step="--choices",
    ),
    Bad(
        id="one sample",
        arguments=choose("d.csv"),
        files={"d.csv": "question,answer\n1+1?,2\n"},
        value="1 usable sample",
        step="Add examples",
    ),
    Bad(
        id="duplicate ids",
        arguments=choose("d.csv"),
        files={"d.csv": "id,question,answer\n1,a,b\n1,c,d\n"},
        value="'1' is on line 2",
        step="--id",
    ),
    Bad(
        id="huge line",
        arguments=choose("d.jsonl"),
        files={"d.jsonl": '{"question": "' + "x" * 17_000_000},
        value="line 1",
        step="Mend",
    ),
    Bad(
        id="binary file",
        arguments=choose("d.csv"),
        files={"d.csv": bytes(range(256)) * 40},
        value="d.csv",
        step="Give",
    ),
    Bad(
        id="Latin-1 file",
        arguments=choose("d.csv"),
        files={"d.csv": "question,answer\n¿Qué?,sí\n¿Cuándo?,mañana\n".encode("latin-1")},
        value="is not UTF-8",
        step="--encoding",
    ),
    Bad(
        id="unknown encoding",
        arguments=choose("ex.csv", "--encoding", "klingon"),
        value="'klingon'",
        step="utf-8",
    ),
    Bad(
        id="folder as data",
        arguments=choose("data"),
        make=folder_of_data,
        value="data is a folder",
        step="a.csv",
    ),
    Bad(
        id="corrupt parquet",
        arguments=choose("d.parquet"),
        files={"d.parquet": b"PAR1" + b"\x00" * 40 + b"PAR1"},
        value="d.parquet",
        step="again",
    ),
    Bad(
        id="truncated gzip",
        arguments=choose("d.csv.gz"),
        files={"d.csv.gz": gzip.compress(GOOD.encode())[:40]},
        value="d.csv.gz",
        step="again",
    ),
    Bad(
        id="unknown built-in task",
        arguments=choose("builtin:sentimant"),
        value="'sentimant'",
        step="Did you mean sentiment?",
    ),
    Bad(
        id="task file with an unknown key",
        arguments=choose("t.yaml"),
        files={"t.yaml": "data: ex.csv\nqestion: question\n"},
        value="'qestion'",
        step="Did you mean question",
    ),
    Bad(
        id="broken YAML",
        arguments=choose("t.yaml"),
        files={"t.yaml": "data: ex.csv\nquestion: [a\n"},
        value="t.yaml",
        step="quotes",
    ),
    Bad(
        id="task file whose data is missing",
        arguments=choose("t.yaml"),
        files={"t.yaml": "data: elsewhere.csv\n"},
        value="elsewhere.csv",
        step="Near it",
    ),
    Bad(
        id="more shots than samples",
        arguments=("choose", "ex.csv", "-c", "echo,shots=50", "-c", "echo"),
        value="50 examples",
        step="--shots-from",
    ),
    Bad(
        id="file of examples missing",
        arguments=choose("ex.csv", "--shots-from", "shots.csv"),
        value="shots.csv",
        step="Near it",
    ),
    Bad(
        id="template names an unknown column",
        arguments=choose("ex.csv", "--question-template", "{frage}"),
        value="{frage}",
        step="question",
    ),
    Bad(
        id="template with an open brace",
        arguments=choose("ex.csv", "--question-template", "Q: {question"),
        value="'Q: {question'",
        step="{{",
    ),
]

MODELS = [
    Bad(
        id="unknown model",
        arguments=against("smolm2-135m-instruct"),
        value="'smolm2-135m-instruct'",
        step="Did you mean smollm2-135m-instruct",
    ),
    Bad(
        id="truncated GGUF",
        arguments=against("m.gguf"),
        files={"m.gguf": b"GGUF\x03\x00\x00\x00" + b"\x05" * 12},
        value="m.gguf",
        step="download",
    ),
    Bad(
        id="GGUF that is text",
        arguments=against("m.gguf"),
        files={"m.gguf": "version https://git-lfs.github.com/spec/v1\n"},
        value="m.gguf",
        step="download finished",
    ),
    Bad(
        id="pickle file",
        arguments=against("m.bin"),
        files={"m.bin": b"\x80\x02}q\x00."},
        value="m.bin is a pickle file",
        step="safetensors",
    ),
    Bad(
        id="pickle folder",
        arguments=against("./model"),
        make=pickled_folder,
        value="pytorch_model.bin",
        step="safetensors",
    ),
    Bad(
        id="folder without config",
        arguments=against("./model"),
        make=folder_without_config,
        value="config.json",
        step="Give",
    ),
    Bad(
        id="truncated safetensors",
        arguments=against("./model"),
        make=truncated_safetensors,
        value="model.safetensors",
        step="again",
    ),
    Bad(
        id="hub name while offline",
        arguments=against("nobody/nothing"),
        value="nobody/nothing",
        step="HF_HUB_OFFLINE",
    ),
    Bad(
        id="endpoint without a model",
        arguments=against("http://127.0.0.1:9/v1"),
        value="'http://127.0.0.1:9/v1'",
        step="#my-model",
    ),
    Bad(
        id="endpoint without a host",
        arguments=against("http://#m"),
        value="'http://'",
        step="http(s)://host/v1#model",
    ),
    Bad(
        id="endpoint that nobody listens at",
        arguments=("evaluate", "ex.csv", "-m", "http://127.0.0.1:9/v1#m,retries=0", "--limit", "2"),
        value="127.0.0.1:9",
        step="its server runs",
    ),
    Bad(
        id="key file that others can read",
        arguments=against("http://127.0.0.1:9/v1#m"),
        make=open_key,
        value="keys/127.0.0.1",
        step="chmod 600",
    ),
    Bad(
        id="key variable not set",
        arguments=against("http://127.0.0.1:9/v1#m,key_env=NO_KEY"),
        value="'NO_KEY'",
        step="export NO_KEY=",
    ),
    Bad(
        id="unknown candidate key",
        arguments=against("echo,skil=0.4"),
        value="'skil'",
        step="Did you mean skill?",
    ),
    Bad(
        id="bad value of a key",
        arguments=against("echo,skill=high"),
        value="skill='high'",
        step="skill=VALUE",
    ),
    Bad(
        id="no such path",
        arguments=against("./nowhere"),
        value="'./nowhere'",
        step="a folder",
    ),
    Bad(
        id="unknown engine",
        arguments=against("echo,engine=warp"),
        value="'warp'",
        step="torch",
    ),
    Bad(
        id="duplicate names",
        arguments=("choose", "ex.csv", "-c", "echo", "-c", "echo"),
        value="'echo'",
        step="name=NAME",
    ),
    Bad(
        id="only one candidate",
        arguments=("choose", "ex.csv", "-c", "echo"),
        value="given: echo",
        step="--candidate",
    ),
]

FLAGS = [
    Bad(
        id="unknown scorer",
        arguments=choose("ex.csv", "--scorer", "exakt"),
        value="'exakt'",
        step="Did you mean exact?",
    ),
    Bad(
        id="unknown scorer option",
        arguments=choose("ex.csv", "--scorer", "exact", "--scorer-option", "colour=red"),
        value="'colour'",
        step="exact",
    ),
    Bad(
        id="scorer option without value",
        arguments=choose("ex.csv", "--scorer-option", "colour"),
        value="'colour'",
        step="KEY=VALUE",
    ),
    Bad(
        id="scorer file not allowed",
        arguments=choose("ex.csv", "--scorer", "s.py:half"),
        files={"s.py": SCORER},
        value="s.py",
        step="elige allow scorer s.py",
    ),
    Bad(
        id="scorer file missing",
        arguments=choose("ex.csv", "--scorer", "none.py:half"),
        value="none.py",
        step="ex.csv",
    ),
    Bad(
        id="scorer file without function",
        arguments=choose("ex.csv", "--scorer", "s.py"),
        files={"s.py": SCORER},
        value="'s.py'",
        step="file.py:function",
    ),
    Bad(
        id="unknown kind",
        arguments=choose("ex.csv", "--kind", "poem"),
        value="'poem'",
        step="classification",
    ),
    Bad(
        id="unknown normalisation",
        arguments=choose("c.csv", "--normalise", "vibes"),
        files={"c.csv": CHOICES},
        value="'vibes'",
        step="byte",
    ),
    Bad(
        id="requirement unreadable",
        arguments=choose("ex.csv", "--require", "fast please"),
        value="'fast please'",
        step="p95_seconds<2",
    ),
    Bad(
        id="unknown requirement",
        arguments=choose("ex.csv", "--require", "beauty<2"),
        value="'beauty'",
        step="p95_seconds",
    ),
    Bad(
        id="requirement in the wrong unit",
        arguments=choose("ex.csv", "--require", "p95_seconds<2usd"),
        value="'usd'",
        step="p95_seconds<",
    ),
    Bad(
        id="bad memory",
        arguments=choose("ex.csv", "--max-memory", "plenty"),
        value="'plenty'",
        step="--max-memory 24GB",
    ),
    Bad(
        id="unknown permission",
        arguments=choose("ex.csv", "--may", "anything"),
        value="'anything'",
        step="commercial",
    ),
    Bad(
        id="budget of an unknown unit",
        arguments=choose("ex.csv", "--budget", "euros=5"),
        value="'euros'",
        step="evaluations, usd, minutes",
    ),
    Bad(
        id="budget without a number",
        arguments=choose("ex.csv", "--budget", "evaluations=many"),
        value="evaluations=many",
        step="--budget evaluations=500",
    ),
    Bad(
        id="dollars without prices",
        arguments=choose("ex.csv", "--budget", "usd=5"),
        value="echo,skill=0.9 has none",
        step="input_price=0.5",
    ),
    Bad(
        id="tolerance 7",
        arguments=choose("ex.csv", "--tolerance", "7"),
        value="--tolerance is 7",
        step="--tolerance 0.01",
    ),
    Bad(
        id="tolerance nan",
        arguments=choose("ex.csv", "--tolerance", "nan"),
        value="--tolerance is nan",
        step="--tolerance 0.01",
    ),
    Bad(
        id="confidence 0",
        arguments=choose("ex.csv", "--confidence", "0"),
        value="--confidence is 0",
        step="--confidence 0.95",
    ),
    Bad(
        id="limit 0",
        arguments=choose("ex.csv", "--limit", "0"),
        value="--limit is 0; it is at least 2",
        step="--limit 100",
    ),
    Bad(
        id="limit 1",
        arguments=choose("ex.csv", "--limit", "1"),
        value="--limit is 1; it is at least 2",
        step="--limit 100",
    ),
    Bad(
        id="context of no tokens",
        arguments=choose("ex.csv", "--min-context", "-1"),
        value="--min-context is -1",
        step="--min-context 100",
    ),
    Bad(
        id="index base 2",
        arguments=choose("ex.csv", "--index-base", "2"),
        value="--index-base is 2",
        step="--index-base 1",
    ),
    Bad(
        id="max tokens 0",
        arguments=choose("ex.csv", "--max-tokens", "0"),
        value="--max-tokens is 0",
        step="--max-tokens",
    ),
    Bad(
        id="lock-test 200%",
        arguments=choose("ex.csv", "--lock-test", "200%"),
        value="--lock-test is 2",
        step="--lock-test 30%",
    ),
    Bad(
        id="lock-test in words",
        arguments=choose("ex.csv", "--lock-test", "half"),
        value="'half'",
        step="--lock-test 30%",
    ),
    Bad(
        id="lock-test of a tiny file",
        arguments=choose("d.csv", "--lock-test", "30%"),
        files={"d.csv": "question,answer\n1+1?,2\n1+2?,3\n1+3?,4\n"},
        value="3 samples",
        step="Add samples",
    ),
    Bad(
        id="final without a lock",
        arguments=choose("ex.csv", "--final"),
        value="--final",
        step="--lock-test",
    ),
    Bad(
        id="report in a missing folder",
        arguments=choose("ex.csv", "--report", "no/such/report.html"),
        value="no/such",
        step="mkdir -p",
    ),
    Bad(
        id="report on a folder",
        arguments=choose("ex.csv", "--report", "data"),
        make=folder_of_data,
        value="'data'",
        step="--report",
    ),
    Bad(
        id="compare an unknown run",
        arguments=("compare", "zzzz", "--a", "x", "--b", "y"),
        value="zzzz",
        step="elige runs",
    ),
    Bad(
        id="compare before there is a run",
        arguments=("compare", "last"),
        value="no run yet",
        step="elige demo",
    ),
    Bad(
        id="compare three runs",
        arguments=("compare", "a", "b", "c"),
        value="3 runs",
        step="elige compare RUN",
    ),
    Bad(
        id="combine an unknown run",
        arguments=("combine", "zzzz"),
        value="'zzzz'",
        step="elige runs",
    ),
    Bad(
        id="combine for an unknown aim",
        arguments=("combine", "last", "--by", "speed"),
        value="'speed'",
        step="accuracy, cost",
    ),
    Bad(
        id="a combination that nobody saved",
        arguments=against("combo:nothing"),
        value="'nothing'",
        step="elige combine",
    ),
    Bad(
        id="unknown run",
        arguments=("runs", "show", "zzzz"),
        value="'zzzz'",
        step="elige runs",
    ),
    Bad(
        id="allowing what is no scorer",
        arguments=("allow", "virus", "s.py"),
        files={"s.py": SCORER},
        value="'virus'",
        step="scorer",
    ),
    Bad(
        id="allowing a missing file",
        arguments=("allow", "scorer", "none.py"),
        value="none.py",
        step="path",
    ),
]

SURROUNDINGS = [
    Bad(
        id="a file in the home's place",
        arguments=choose("ex.csv"),
        make=home_in_the_way,
        value="/elige",
        step="ELIGE_HOME",
    ),
    Bad(
        id="a published score where none is known",
        arguments=("models", "search", "qwen", "--min-score", "mmlu=0.7"),
        value="'mmlu'",
        step="elige models sync llm-stats",
    ),
    Bad(
        id="database that is none",
        arguments=("runs",),
        make=broken_database,
        value="elige.db is not a database",
        step="ELIGE_HOME",
    ),
    Bad(
        id="database newer than the program",
        arguments=choose("ex.csv"),
        make=database_of_tomorrow,
        value="newer elige (step 999",
        step="ELIGE_HOME",
    ),
    Bad(
        id="database URL that is none",
        arguments=("runs",),
        environment={"ELIGE_DATABASE": "nonsense"},
        value="address cannot be read",
        step="ELIGE_DATABASE",
    ),
    Bad(
        id="cache size that is no number",
        arguments=("runs",),
        environment={"ELIGE_CACHE_GB": "lots"},
        value="'lots'",
        step="ELIGE_CACHE_GB=20",
    ),
]

BAD = [*DATA, *MODELS, *FLAGS, *SURROUNDINGS]
