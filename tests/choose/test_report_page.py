import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from choose.made_report import SIX, WINNER, Entry, made_report, with_texts

from elige.choose.report import Report, render_report, write_report
from elige.errors import BadInput
from elige.records import Considered, Status

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'>&amp;<!--\u2028]]>{{7*7}}"
)


class Tags(HTMLParser):
    """Every element with its attributes, and the text inside scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"script", "style"}:
            self.text += data


VOID = {"meta", "link", "br", "img", "input", "hr"}


@pytest.fixture(scope="module")
def report() -> Report:
    return made_report(samples=120)


@pytest.fixture(scope="module")
def plain(report: Report) -> Report:
    """The same without anything to draw, for what has nothing to do with charts."""
    idle = tuple(replace(one, seconds_each=None) for one in report.verdict.candidates)
    return replace(report, verdict=replace(report.verdict, candidates=idle, course=()))


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return render_report(report)


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    for tag, attributes in Tags(page).found:
        for name in ("src", "href", "xlink:href", "data", "srcset", "poster", "action"):
            where = attributes.get(name) or ""
            assert where.startswith(("#", "data:,")) or not where, (tag, name, where)
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_a_policy_forbids_loading_and_foreign_scripts(page: str) -> None:
    policy = next(
        attributes["content"] or ""
        for tag, attributes in Tags(page).found
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/=]{44}'", policy)


def test_elements_are_closed_in_order_and_ids_are_unique(page: str) -> None:
    tags = Tags(page)
    ids = [attributes["id"] for _, attributes in tags.found if attributes.get("id")]
    assert tags.open == []
    assert len(ids) == len(set(ids))


def test_the_verdict_stands_first(page: str) -> None:
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page)
    assert heading is not None
    assert heading[1] == (
        "Use smollm2-135m-instruct,shots=5: shown to be at most 3 points below the best "
        "of 5 candidates."
    )
    assert "On new samples like these:" in page
    assert "On this list of 120 samples:" in page


def test_every_candidate_has_its_status_and_reason(report: Report, page: str) -> None:
    text = Tags(page).text
    for one in report.standings:
        assert one.name in text
    for said in ("winner", "within", "beaten", "open", "rejected", "no price known"):
        assert said in text
    assert "It needs 5.1 GB, more than --max-memory 4 GB allows." in text
    assert "about 1,900 more would settle it (estimated)" in text


def test_every_column_says_how_its_numbers_are_known(page: str) -> None:
    head = page.partition('<table class="candidates">')[2].partition("</thead>")[0]
    columns = re.findall(r"<th .*?</th>", head, re.DOTALL)[1:]
    assert len(columns) == 7
    assert all("measured" in column for column in columns)
    assert "descriptive: a little too good" in page
    assert "declared price" in page


def test_how_it_was_done_is_complete(report: Report, page: str) -> None:
    text = Tags(page).text
    for said in (
        report.task.data_hash, report.command, report.machine, report.created, "2 rows set aside",
        "row 17: no answer", "BOS tokens sent", "c0ffee" * 10, "4e" * 32, "torch 5.23.0",
    ):  # fmt: skip
        assert said in text


def test_many_looks_are_warned_of(plain: Report, page: str) -> None:
    assert "Looked at often" not in page
    assert "looked at 4 times" in render_report(replace(plain, looks=4))


def test_hostile_texts_stay_texts(report: Report) -> None:
    tags = Tags(render_report(with_texts(report, HOSTILE)))
    assert [tag for tag, _ in tags.found].count("script") == 2
    assert not [tag for tag, _ in tags.found if tag == "img"]
    assert not [name for _, attributes in tags.found for name in attributes if name[:2] == "on"]
    assert HOSTILE.replace("\u2028", "") in tags.text.replace("\u2028", "")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ud83d half a pair", id="lone surrogate"),
        pytest.param("nul \x00 and \x1b[31m", id="control characters"),
        pytest.param("\u202eright to left", id="direction override"),
        pytest.param("x" * 100_000, id="one huge word"),
        pytest.param("", id="empty"),
    ],
)
def test_odd_texts_can_be_written(plain: Report, text: str, tmp_path: Path) -> None:
    write_report(with_texts(plain, text), tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text("utf-8").endswith("</html>")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        pytest.param((), "No candidate meets the limits.", id="nobody"),
        pytest.param(SIX[5:], "No candidate meets the limits.", id="all rejected"),
        pytest.param((WINNER,), "there is nothing to compare it with", id="one"),
        pytest.param(
            [replace(one, status=Status.OPEN) for one in SIX[:2]], "Cannot tell", id="no winner"
        ),
        pytest.param(
            [Entry(name="A", status=Status.OPEN, reason="it failed 5 times")] * 1,
            "could not be measured",
            id="never measured",
        ),
    ],
)
def test_every_kind_of_verdict_can_be_drawn(entries: Sequence[Entry], said: str) -> None:
    assert said in render_report(made_report(entries, samples=60))


def test_without_samples_the_report_is_still_whole(plain: Report) -> None:
    page = render_report(replace(plain, rows=()))
    assert "No samples were handed to this report." in page


@pytest.mark.parametrize("package", ["altair", "vl_convert"])
def test_without_the_charts_packages_the_report_is_still_written(
    report: Report, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    for module in ("elige.choose.report.charts", "elige.choose.report.svg"):
        monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.delattr(module, raising=False)
    page = render_report(report)
    assert "pip install &#39;elige[report]&#39;" in page
    assert "The candidates" in page
    assert "<svg" not in page


def test_charts_that_fail_do_not_cost_the_report(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise ValueError("no such mark")

    monkeypatch.setattr("vl_convert.vegalite_to_svg", broken)
    assert "cannot be drawn: no such mark." in render_report(report)


def test_nobody_is_called_winner_before_it_is_shown(plain: Report) -> None:
    text = Tags(
        render_report(replace(plain, verdict=replace(plain.verdict, decided=False)))
    ).text.partition("The method, and what it promises")[0]
    assert "Cannot tell" in text
    assert "Difference to the leader" in text
    assert "★" not in text


def test_the_tied_set_is_named_before_the_table(report: Report, page: str) -> None:
    top = Tags(page).text.partition("The candidates")[0]
    for said in (
        "Good enough: shown to be at most 3 points below the best",
        "Open: neither shown to be good enough nor to be worse",
        "Beaten: shown to be worse than the best",
        "Rejected: breaks a limit that was set",
    ):
        assert said in top
    for one in report.standings:
        assert one.name in top


def test_the_method_is_told_in_plain_words(page: str) -> None:
    text = Tags(page).text
    assert "the same samples in the same shuffled order" in text
    assert "A comparison is a bet" in text and "Waudby-Smith" in text


def test_the_page_says_how_to_take_its_numbers_along(report: Report, page: str) -> None:
    text, run = Tags(page).text, report.verdict.run
    for form in ("json", "csv", "markdown", "model-card", "eval-results"):
        assert f"elige runs export {run} --format {form}" in text
    assert f"elige compare {run} --a " in text and f"elige combine {run}" in text


def test_how_many_samples_tell_candidates_apart_is_said(report: Report, page: str) -> None:
    apart = sum(len({one.score.value for one in row.seen.values()}) > 1 for row in report.rows)
    assert 0 < apart < 120
    assert f"On {apart} of 120 samples the candidates that answered scored differently" in page


def test_a_long_list_of_models_left_out_is_folded(plain: Report) -> None:
    left = tuple(Considered(name=f"large-{at}", why="it does not fit") for at in range(30))
    page = render_report(replace(plain, verdict=replace(plain.verdict, not_raced=left)))
    assert "<summary>18 more</summary>" in page
    assert all(f"<b>large-{at}</b>" in page for at in range(30))


def test_more_candidates_than_letters_and_colours() -> None:
    entries = [WINNER, *(replace(SIX[2], name=f"m{at}") for at in range(27))]
    report = made_report(entries, samples=40)
    page = render_report(replace(report, verdict=replace(report.verdict, course=())))
    assert '<span class="badge k4" aria-hidden="true">AB</span>' in page


def test_the_same_records_give_the_same_page(report: Report, page: str) -> None:
    assert render_report(report) == page


def test_an_old_report_survives_a_failed_write(
    plain: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    path.write_text("the old one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("elige.choose.report.page.os.fsync", full)
    with pytest.raises(BadInput, match="No space left on device"):
        write_report(plain, path)
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
    assert path.read_text() == "the old one"


@pytest.mark.parametrize("place", ["missing/report.html", "file/report.html", "."])
def test_a_place_that_cannot_be_written_is_told(plain: Report, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be written") as caught:
        write_report(plain, tmp_path / place)
    assert "--report" in caught.value.hint
