"""Combining the candidates of a run, and running what was combined like a model."""

import json
from pathlib import Path

import pytest
from cli.conftest import Run, elige, here  # noqa: F401 - fixtures of the command line

import elige as package
from elige.config import read_settings
from elige.errors import BadInput, NotFound
from elige.loader.candidate import parse_candidate
from elige.workbench import CombineOptions, Workbench, combine_run

TRIO = [f"echo,skill=0.75,seed={seed},name=m{seed}" for seed in range(3)]
OTHERS = ["echo,skill=0.7,seed=7,name=other", "echo,skill=0.6,seed=8,name=another"]
NEAR = ["echo,skill=0.9,name=good", "echo,skill=0.2,seed=2,name=poor"]


def choices(path: Path, count: int = 300) -> Path:
    """Questions with four choices each."""
    lines = [f"What is {n} plus {n % 7}?,{n + n % 7},{n},{n + 9},{n + 11},A" for n in range(count)]
    path.write_text("\n".join(["question,A,B,C,D,answer", *lines]) + "\n")
    return path


def raced(data: Path, candidates: list[str], **options: object) -> str:
    """A run in which everybody answers everything."""
    return package.choose(str(data), candidates, confidence=1.0, **options).run  # type: ignore[arg-type]


def test_a_vote_of_independent_models_pays_and_is_as_good_as_it_was_said(tmp_path: Path) -> None:
    run = raced(choices(tmp_path / "c.csv"), TRIO)
    found = package.combine(run, name="trio")
    assert found.pays and found.candidate == "combo:trio"
    facts = found.facts()
    assert facts["chosen"]["kind"] in {"cascade", "ensemble"} and facts["samples"] == 300
    assert sum(facts["parts"].values()) == 300
    fresh = tmp_path / "fresh.csv"
    lines = [f"Add {n} to {n % 9}.,{n + n % 9},{n},{n + 10},{n + 12},A" for n in range(400)]
    fresh.write_text("\n".join(["question,A,B,C,D,answer", *lines]) + "\n")
    again = package.evaluate(str(fresh), "combo:trio")
    assert again.score is not None and again.interval is not None
    assert again.score > 0.8
    low, high = facts["chosen"]["interval"]
    assert again.interval[0] < high and low < again.interval[1]


def test_what_is_run_answers_as_it_did_on_paper(tmp_path: Path) -> None:
    """The saved engine on the run's own samples gives the scores that its rule gave there."""
    data = choices(tmp_path / "c.csv", 120)
    run = raced(data, TRIO)
    found = package.combine(run, name="paper", save=True)
    chosen = found.combined.trial.chosen
    assert chosen is not None
    evaluated = package.evaluate(str(data), "combo:paper", seed=0)
    with Workbench.open() as bench:
        scores = {
            one.entry.sample: one.score.value
            for one in bench.store.observations(evaluated.run)
            if one.score
        }
        again = combine_run(bench, CombineOptions(run=run, save=False))
        from elige.choose.combine import parts_of
        from elige.workbench.answered import run_of
        from elige.workbench.combine import _common, _read, _table

        answers = run_of(bench, run)
        read = _read(answers, answers.names)
        common = _common(read, answers.names)
        table = _table(answers, read, answers.names, common)
    judged = parts_of(table.labels).judge.tolist()
    assert again.trial.chosen == chosen
    assert sum(scores[common[at]] for at in judged) / len(judged) == pytest.approx(chosen.score)


def test_a_strong_and_a_weak_model_do_not_pay(tmp_path: Path) -> None:
    found = package.combine(raced(choices(tmp_path / "c.csv", 150), NEAR))
    assert not found.pays and found.candidate is None
    assert "does not pay" in found.sentences[0]
    with Workbench.open() as bench:
        assert bench.loader.combinations.names() == []


def test_only_common_samples_of_a_race_are_used(tmp_path: Path) -> None:
    data = choices(tmp_path / "c.csv", 300)
    hopeless = "echo,skill=0,seed=9,name=hopeless"
    result = package.choose(str(data), [*TRIO, hopeless], tolerance=0.01)
    found = package.combine(result.run, save=False)
    asked = {one.name: one.evaluated for one in result.candidates}
    assert "hopeless" not in found.facts()["members"]
    assert "hopeless" in found.notices[0]
    assert found.facts()["samples"] == min(asked[name] for name in found.facts()["members"])


def test_a_combination_races_like_any_other(tmp_path: Path) -> None:
    data = choices(tmp_path / "c.csv")
    package.combine(raced(data, TRIO), name="trio", save=True)
    result = package.choose(str(data), ["combo:trio", TRIO[0]], tolerance=0.05)
    standing = {one.name: one for one in result.candidates}
    assert standing["combo:trio"].score is not None
    assert standing["combo:trio"].score > (standing["m0"].score or 0)


def test_members_keep_their_own_prompts(tmp_path: Path) -> None:
    data = choices(tmp_path / "c.csv", 60)
    ways = [f"{TRIO[0]},shots=2", f"{TRIO[1]},prompt=chat", TRIO[2]]
    run = raced(data, ways)
    package.combine(run, name="ways", save=True)
    with Workbench.open() as bench:
        info = bench.loader.describe(parse_candidate("combo:ways"))
        assert bench.loader.combinations.shots(parse_candidate("combo:ways")) <= 2
    assert len(info.members) >= 2 and info.rehearses
    assert package.evaluate(str(data), "combo:ways").score is not None


def test_the_identity_covers_members_and_rule(tmp_path: Path) -> None:
    run = raced(choices(tmp_path / "c.csv", 60), TRIO)
    package.combine(run, name="one", save=True)
    package.combine(run, name="same", save=True)
    other = raced(choices(tmp_path / "c.csv", 60), OTHERS)
    package.combine(other, name="two", save=True)
    with Workbench.open() as bench:
        weights = {
            name: bench.loader.describe(parse_candidate(f"combo:{name}")).identity.weights
            for name in ("one", "same", "two")
        }
    assert weights["one"] == weights["same"] != weights["two"]


def test_a_member_that_changed_is_told(tmp_path: Path) -> None:
    package.combine(raced(choices(tmp_path / "c.csv", 60), TRIO), name="old", save=True)
    path = read_settings().home / "combinations" / "old.json"
    facts = json.loads(path.read_text())
    facts["hashes"][0] = "0" * 64
    path.write_text(json.dumps(facts))
    with Workbench.open() as bench:
        info = bench.loader.describe(parse_candidate("combo:old"))
    assert "changed since the combination was made" in info.notices[0]


def test_a_name_is_not_taken_twice(tmp_path: Path) -> None:
    run = raced(choices(tmp_path / "c.csv", 60), TRIO)
    other = raced(choices(tmp_path / "c.csv", 60), OTHERS)
    package.combine(run, name="mine", save=True)
    package.combine(run, name="mine", save=True)
    with pytest.raises(BadInput, match="Another combination is called 'mine'"):
        package.combine(other, name="mine", save=True)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param({"by": "speed"}, "'speed'", id="an unknown aim"),
        pytest.param({"tolerance": 2.0}, "2", id="a tolerance beyond one"),
        pytest.param({"name": "../x"}, "'../x'", id="a name that is a path"),
    ],
)
def test_options_that_make_no_sense_are_refused(said: dict[str, object], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        CombineOptions(run="x", **said)  # type: ignore[arg-type]


def test_what_cannot_be_combined_says_why(tmp_path: Path) -> None:
    few = raced(choices(tmp_path / "few.csv", 20), TRIO)
    with pytest.raises(BadInput, match="Only 20 samples were answered by all of"):
        package.combine(few)
    with pytest.raises(NotFound, match="'m9'"):
        package.combine(few, candidates=["m9"])
    alone = package.evaluate(str(choices(tmp_path / "c.csv", 30)), TRIO[0]).run
    with pytest.raises(BadInput, match="takes two candidates"):
        package.combine(alone)


def test_keys_of_members_are_no_keys_of_a_combination(tmp_path: Path) -> None:
    package.combine(raced(choices(tmp_path / "c.csv", 60), TRIO), name="mine", save=True)
    with Workbench.open() as bench:
        with pytest.raises(BadInput, match="says shots"):
            bench.loader.describe(parse_candidate("combo:mine,shots=2"))
        with pytest.raises(NotFound, match="'yours'") as raised:
            bench.loader.describe(parse_candidate("combo:yours"))
    assert "mine" in raised.value.hint


def test_a_file_that_is_no_combination_is_told(tmp_path: Path) -> None:
    folder = read_settings().home / "combinations"
    folder.mkdir(parents=True)
    (folder / "bad.json").write_text('{"name": "bad"}')
    with Workbench.open() as bench, pytest.raises(BadInput, match="holds no combination"):
        bench.loader.describe(parse_candidate("combo:bad"))


def test_the_command_shows_a_table_and_a_verdict(tmp_path: Path, elige: Run) -> None:  # noqa: F811
    raced(choices(tmp_path / "c.csv"), TRIO)
    told = elige("combine", "last", "--name", "trio")
    assert told.code == 0, told.err
    assert "pays: it is shown to be better than" in " ".join(told.out.split())
    for word in ("m0", "m1", "m2", "ensemble", "router", "cascade", "combo:trio"):
        assert word in told.out
    facts = json.loads(elige("combine", "last", "--no-save", "--json").out)
    assert facts["pays"] is True and facts["saved"] is None and len(facts["rows"]) == 6


def test_answers_that_were_drawn_are_named_and_which_draw_counts(tmp_path: Path) -> None:
    data = tmp_path / "sums.csv"
    lines = [f"What is {n} plus {n % 7}?,{n + n % 7}" for n in range(60)]
    data.write_text("\n".join(["question,answer", *lines]) + "\n")
    drawn = [*TRIO[:2], f"{TRIO[2]},temperature=0.7"]
    found = package.combine(raced(data, drawn, repeats=2), save=False)
    (told,) = [one for one in found.facts()["notices"] if "drawn" in one]
    assert "Answers of m2 are drawn at random" in told and "first draw of each" in told
    assert not package.combine(raced(data, TRIO), save=False).facts()["notices"]
