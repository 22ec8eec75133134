"""What a model is sent, to the letter."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from evaluate.asked import (
    CAN_SCORE,
    ONLY_TALKS,
    REHEARSES,
    WITH_TEMPLATE,
    auto,
    jsonl,
    plain,
    remote,
)

from elige.errors import BadInput
from elige.evaluate.options import TaskOptions
from elige.evaluate.prompts import letters, prompt_preview, render
from elige.evaluate.shots import split
from elige.evaluate.task import load_task
from elige.records import Message, Sampling, Task

LETTERS = "Answer each question with the letter of the right choice, and nothing else."


def quiz(folder: Path, options: TaskOptions = TaskOptions()) -> Task:  # noqa: B008
    rows = [{"question": f"Colour {n}?", "choices": ["red", "blue"], "answer": n} for n in (0, 1)]
    dev = jsonl(folder, {"question": "Dev?", "choices": ["x", "y"], "answer": 1}, name="dev.jsonl")
    return load_task(jsonl(folder, *rows), options.over(TaskOptions(shots_from=str(dev))))


def endings(folder: Path) -> Task:
    rows = [{"ctx": f"The cat {n}", "endings": ["sat.", "ran."], "label": n} for n in (0, 1, 1)]
    return split(load_task(jsonl(folder, *rows)), 0, 0)


def feelings(folder: Path) -> Task:
    rows = [{"text": f"t{n}", "label": ("good", "bad")[n % 2]} for n in range(8)]
    return load_task(jsonl(folder, *rows))


def test_letters_are_weighed_after_the_answer_s_colon(tmp_path: Path) -> None:
    task = quiz(tmp_path)
    ask = render(task, plain(shots=1), CAN_SCORE, task.samples[0])
    assert ask.prompt.text == (
        f"{LETTERS}\n\nQuestion: Dev?\nA. x\nB. y\nAnswer: B\n\n"
        "Question: Colour 0?\nA. red\nB. blue\nAnswer:"
    )
    assert (ask.continuations, ask.sampling) == ((" A", " B"), None)


def test_a_template_makes_it_a_conversation(tmp_path: Path) -> None:
    task = quiz(tmp_path)
    ask = render(task, auto(shots=1, system="Be good."), WITH_TEMPLATE, task.samples[1])
    assert ask.prompt.messages == (
        Message("system", f"Be good.\n\n{LETTERS}"),
        Message("user", "Dev?\n\nA. x\nB. y"),
        Message("assistant", "B"),
        Message("user", "Colour 1?\n\nA. red\nB. blue"),
    )
    assert ask.continuations == ("A", "B")


def test_a_system_text_opens_a_plain_prompt_too(tmp_path: Path) -> None:
    task = quiz(tmp_path, TaskOptions(instruction=""))
    ask = render(task, plain(system="Be good."), CAN_SCORE, task.samples[0])
    assert ask.prompt.text.startswith("Be good.\n\nQuestion: Colour 0?")


def test_endings_continue_the_text_even_where_there_is_a_template(tmp_path: Path) -> None:
    task = endings(tmp_path)
    ask = render(task, auto(), WITH_TEMPLATE, task.samples[0])
    assert (ask.prompt.text, ask.continuations) == ("The cat 0", (" sat.", " ran."))


def test_endings_that_cannot_be_weighed_are_asked_by_letter(tmp_path: Path) -> None:
    task = endings(tmp_path)
    ask = render(task, remote(), ONLY_TALKS, task.samples[0])
    assert [turn.role for turn in ask.prompt.messages] == ["system", "user"]
    assert "letter" in ask.prompt.messages[0].content
    assert ask.prompt.messages[1].content == "The cat 0\n\nA. sat.\nB. ran."
    assert (ask.continuations, ask.sampling) == ((), Sampling(max_tokens=1024))


def test_choices_as_text_are_weighed_without_being_listed(tmp_path: Path) -> None:
    task = quiz(tmp_path, TaskOptions(choice_format="text"))
    ask = render(task, plain(shots=1), CAN_SCORE, task.samples[0])
    assert ask.prompt.text == "Question: Dev?\nAnswer: y\n\nQuestion: Colour 0?\nAnswer:"
    assert ask.continuations == (" red", " blue")
    assert dict(task.scorer.options) == {"normalise": "char"}


def test_choices_as_text_that_cannot_be_weighed_are_listed(tmp_path: Path) -> None:
    task = quiz(tmp_path, TaskOptions(choice_format="text"))
    ask = render(task, remote(), ONLY_TALKS, task.samples[0])
    opening, question = ask.prompt.messages
    assert opening.content.startswith("Answer each question with the letter")
    assert question.content == "Colour 0?\n\nA. red\nB. blue"


@pytest.mark.parametrize(
    ("said", "tokens"),
    [pytest.param(None, 1024, id="nobody says"), pytest.param(64, 64, id="said, and the default")],
)
def test_what_is_said_of_the_length_is_kept(said: int | None, tokens: int, tmp_path: Path) -> None:
    rows = [{"question": f"City {n}?", "answer": f"Paris {n}x"} for n in range(4)]
    task = load_task(jsonl(tmp_path, *rows), TaskOptions(max_tokens=said))
    sampling = render(task, remote(), ONLY_TALKS, task.samples[0]).sampling
    assert sampling is not None
    assert sampling.max_tokens == tokens


def test_labels_are_weighed_by_engines_that_can(tmp_path: Path) -> None:
    task = feelings(tmp_path)
    ask = render(task, plain(), CAN_SCORE, task.samples[0])
    assert ask.prompt.text == ("Answer with one of these labels: bad, good.\n\nText: t0\nLabel:")
    assert ask.continuations == (" bad", " good")


def test_labels_are_written_by_the_others(tmp_path: Path) -> None:
    task = feelings(tmp_path)
    ask = render(task, remote(), ONLY_TALKS, task.samples[0])
    assert (ask.prompt.messages[-1].content, ask.continuations) == ("t0", ())


def test_the_unconditional_answer_is_asked_for_only_when_it_is_wanted(tmp_path: Path) -> None:
    usual, wanted = quiz(tmp_path), quiz(tmp_path, TaskOptions(normalise="unconditional"))
    assert not render(usual, plain(), CAN_SCORE, usual.samples[0]).unconditional
    assert render(wanted, plain(), CAN_SCORE, wanted.samples[0]).unconditional


def test_the_right_answer_goes_only_to_an_engine_that_rehearses(tmp_path: Path) -> None:
    task = quiz(tmp_path)
    told = render(task, plain(), REHEARSES, task.samples[1])
    silent = render(task, plain(), CAN_SCORE, task.samples[1])
    assert (told.prompt.rehearsal, silent.prompt.rehearsal) == (" B", "")
    assert told.key == silent.key


def test_plain_text_stops_where_the_model_would_ask_itself(tmp_path: Path) -> None:
    rows = [{"question": f"City {n}?", "answer": f"Paris {n}x"} for n in range(4)]
    task = split(load_task(jsonl(tmp_path, *rows)), 1, 0)
    zero = render(task, plain(), CAN_SCORE, task.samples[0]).sampling
    one = render(task, plain(shots=1), CAN_SCORE, task.samples[0]).sampling
    chat = render(task, auto(), WITH_TEMPLATE, task.samples[0]).sampling
    assert zero == Sampling(max_tokens=64, stop=("\nQuestion:", "\n\n"))
    assert one == Sampling(max_tokens=64, stop=("\nQuestion:", "\n\n", "\n"))
    assert chat == Sampling(max_tokens=64)


def test_the_candidate_goes_before_the_task(tmp_path: Path) -> None:
    rows = [{"question": f"City {n}?", "answer": f"Paris {n}x"} for n in range(4)]
    task = load_task(jsonl(tmp_path, *rows), TaskOptions(stop=("!",), max_tokens=5))
    own = replace(auto(), temperature=0.7, top_p=0.9, top_k=40, max_tokens=11, seed=3)
    sampling = render(task, own, WITH_TEMPLATE, task.samples[0]).sampling
    assert sampling == Sampling(
        temperature=0.7, top_p=0.9, top_k=40, max_tokens=11, seed=3, stop=("!",)
    )
    assert render(task, remote(), ONLY_TALKS, task.samples[0]).sampling == Sampling(
        max_tokens=5, stop=("!",)
    )


def test_worked_examples_show_their_working(tmp_path: Path) -> None:
    rows = [{"question": f"q{n}", "answer": f"Think {n}.\n#### {n}"} for n in range(4)]
    task = split(load_task(jsonl(tmp_path, *rows)), 1, 0)
    ask = render(task, plain(shots=1), CAN_SCORE, task.samples[0])
    shown = task.shots[0].target
    assert f"Answer: Think {shown}.\n#### {shown}\n\n" in ask.prompt.text


def test_other_columns_can_stand_in_the_template(tmp_path: Path) -> None:
    rows = [{"question": f"q{n}", "answer": f"a b{n}", "my lang": "es"} for n in range(3)]
    options = TaskOptions(question_template="[{my lang}] {question} {{x}} =", instruction="")
    task = load_task(jsonl(tmp_path, *rows), options)
    assert render(task, plain(), CAN_SCORE, task.samples[0]).prompt.text == "[es] q0 {x} ="


def test_a_space_before_the_answer_is_never_doubled(tmp_path: Path) -> None:
    task = quiz(tmp_path, TaskOptions(question_template="{question} = "))
    ask = render(task, plain(shots=1), CAN_SCORE, task.samples[0])
    assert ask.prompt.text == f"{LETTERS}\n\nDev? = B\n\nColour 0? ="
    assert ask.continuations == (" A", " B")


def test_a_context_is_read_first_and_an_empty_one_leaves_no_gap(tmp_path: Path) -> None:
    rows = [{"passage": "P.", "question": "q0", "answer": "a b"}]
    rows += [{"passage": "", "question": "q1", "answer": "c d"}]
    task = load_task(jsonl(tmp_path, *rows), TaskOptions(instruction=""))
    texts = [render(task, plain(), CAN_SCORE, one).prompt.text for one in task.samples]
    assert texts == ["P.\n\nQuestion: q0\nAnswer:", "Question: q1\nAnswer:"]


def test_json_tasks_name_their_fields(tmp_path: Path) -> None:
    rows = [{"text": f"t{n}", "output": {"name": "x", "age": n}} for n in range(3)]
    task = load_task(jsonl(tmp_path, *rows))
    ask = render(task, auto(), REHEARSES, task.samples[1])
    assert "of these fields: name, age." in ask.prompt.text
    assert json.loads(ask.prompt.rehearsal) == {"name": "x", "age": 1}


def test_a_conversation_without_a_template_is_refused(tmp_path: Path) -> None:
    task = quiz(tmp_path)
    with pytest.raises(BadInput, match="has no chat template"):
        render(task, replace(auto(), prompt="chat"), CAN_SCORE, task.samples[0])


def test_more_shots_than_there_are_is_refused(tmp_path: Path) -> None:
    task = quiz(tmp_path)
    with pytest.raises(BadInput, match="wants 2 examples, but there are 1"):
        render(task, plain(shots=2), CAN_SCORE, task.samples[0])


def test_the_preview_shows_three_prompts_with_what_is_right(tmp_path: Path) -> None:
    task = quiz(tmp_path)
    shown = prompt_preview(task, plain(), CAN_SCORE)
    assert len(shown) == 2
    assert shown[0].endswith("Answer:\n-> weighed: ' A' | ' B'; right is ' A'")
    said = prompt_preview(task, remote(), ONLY_TALKS, 1)[0]
    assert said.endswith("-> answered in at most 1024 tokens; right is 'A'")


def test_the_alphabet_is_followed_by_numbers() -> None:
    assert letters(3) == ("A", "B", "C")
    assert letters(27)[-1] == "27"


def test_hellaswag_and_mmlu_look_as_in_their_papers(shared_data: Path) -> None:
    swag = load_task(shared_data / "benchmarks" / "hellaswag_val_even.jsonl.gz")
    ask = render(swag, auto(), CAN_SCORE, swag.samples[0])
    assert ask.prompt.text == "Roof shingle removal: A man is sitting on a roof. he"
    assert ask.continuations[3] == " starts pulling up roofing on a roof."
    mmlu = load_task(shared_data / "benchmarks" / "mmlu" / "abstract_algebra_test.jsonl")
    ask = render(mmlu, auto(), CAN_SCORE, mmlu.samples[0])
    assert ask.prompt.text.endswith("\nA. 0\nB. 4\nC. 2\nD. 6\nAnswer:")
