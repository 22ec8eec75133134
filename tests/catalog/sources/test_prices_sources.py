"""What the sources of prices are read as: models.dev, OpenRouter, genai-prices."""

import io
import json
import tarfile
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.sources import installed
from elige.catalog.sources.genai_prices import GenaiPrices
from elige.catalog.sources.modelsdev import ModelsDev
from elige.catalog.sources.money import pair_of, price_of
from elige.catalog.sources.openrouter import OpenRouter
from elige.catalog.sources.reading import whole
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Offer, Place, Source

HOST = """
name = "Host"
doc = "https://host.example/prices"
api = "https://host.example/v1"
"""
BASE = """
name = "GLM-5.2"
family = "glm"
reasoning = true
open_weights = true
release_date = "2026-06-13"
[limit]
context = 1_000_000
input = 900_000
output = 131_072
[modalities]
input = ["text"]
output = ["text"]
[[weights]]
url = "https://huggingface.co/zai-org/GLM-5.2"
"""
OFFER = """
base_model = "zhipuai/glm-5.2"
base_model_omit = ["limit.input"]
name = "GLM 5.2 at the host"
[cost]
input = 1.40
output = 4.4
cache_read = 0.26
[limit]
context = 200_000
"""
FILES = {
    "providers/host/provider.toml": HOST,
    "providers/host/models/glm-5.2.toml": OFFER,
    "models/zhipuai/glm-5.2.toml": BASE,
}


def folder(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def read(source: Source, path: Path | None, fetched: str = "2026-11-01") -> list[Entry | Broken]:
    return list(source.read(Place(path=path, fetched=fetched)))


def entries(found: list[Entry | Broken]) -> dict[str, Entry]:
    assert [one for one in found if isinstance(one, Broken)] == []
    return {one.model: one for one in found if isinstance(one, Entry)}


def only_offer(found: list[Entry | Broken], model: str) -> Offer:
    (offer,) = entries(found)[model].offers
    return offer


def openrouter(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "models.json"
    path.write_text(json.dumps({"data": rows}), "utf-8")
    return path


def row(name: str = "openai/gpt-5", **more: object) -> dict[str, object]:
    text = {"output_modalities": ["text"]}
    prices = {"prompt": "0.00000125", "completion": "0.00001"}
    return {"id": name, "architecture": text, "pricing": prices} | more


def test_a_model_inherits_from_its_base_and_its_own_words_win(tmp_path: Path) -> None:
    found = entries(read(ModelsDev(), folder(tmp_path, FILES)))["zai-org/GLM-5.2"]
    (offer,) = found.offers

    assert (offer.input, offer.output) == (Decimal("1.4"), Decimal("4.4"))
    assert (offer.cached_input, offer.context) == (Decimal("0.26"), 200_000)
    assert (offer.provider, offer.hosted, offer.dated) == ("host", "glm-5.2", "2026-11-01")
    assert found.values[Column.CONTEXT] == 1_000_000
    assert (found.values[Column.NAME], found.values[Column.WEIGHTS]) == ("GLM-5.2", "open")
    assert found.names == ("zhipuai/glm-5.2",)


def test_tables_are_merged_the_rest_is_replaced_and_then_dropped(tmp_path: Path) -> None:
    from elige.catalog.sources.modelsdev_tree import Inherited, tree_at

    tree = Inherited(tree_at(folder(tmp_path, FILES)))
    whole = tree.model("providers/host/models/glm-5.2.toml")

    assert whole["limit"] == {"context": 200_000, "output": 131_072}
    assert whole["name"] == "GLM 5.2 at the host"
    assert "base_model" not in whole and "base_model_omit" not in whole
    assert tree.model("models/zhipuai/glm-5.2.toml")["limit"]["input"] == 900_000


def test_the_older_way_to_inherit_takes_the_price_too(tmp_path: Path) -> None:
    older = '[extends]\nfrom = "host/glm-5.2"\nomit = ["cost.cache_read"]\n[cost]\ninput = 2\n'
    more = {"providers/other/provider.toml": HOST, "providers/other/models/glm-5.2.toml": older}
    found = entries(read(ModelsDev(), folder(tmp_path, FILES | more)))
    offers = {one.provider: one for model in found.values() for one in model.offers}

    assert (offers["other"].input, offers["other"].output) == (Decimal(2), Decimal("4.4"))
    assert offers["other"].cached_input is None


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        pytest.param("a", 'base_model = "no/where"', "no base", id="no base"),
        pytest.param("b", "name = [", "broken TOML", id="broken TOML"),
        pytest.param("c", '[cost]\ninput = "dear"', "is no price", id="no price"),
        pytest.param("d", "[cost]\ninput = nan\noutput = 1", "is no price", id="not a number"),
        pytest.param("e", '[extends]\nfrom = "host/e"', "one another", id="its own base"),
        pytest.param("f", "base_model = 3", "its base is 3", id="a base that is no name"),
        pytest.param("g", "a." * 100_000 + "a = 1", "dots", id="a key without end"),
        pytest.param("h", "x = {" + "a." * 200 + "a = 1}", "dots", id="one further in"),
        pytest.param("i", "[" + "a." * 200 + "a]", "dots", id="a table without end"),
    ],
)
def test_a_broken_file_is_named_and_the_rest_is_read(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    path = f"providers/host/models/{name}.toml"
    found = read(ModelsDev(), folder(tmp_path, FILES | {path: text}))
    (broken,) = [one for one in found if isinstance(one, Broken)]

    assert broken.where == path and why in broken.why
    assert any(isinstance(one, Entry) and one.offers for one in found)


def test_tables_nested_too_deep_to_inherit_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    level = "{" + ".".join(["a"] * 90) + " = "
    deep = "x = " + level * 15 + "1" + "}" * 15
    path = "providers/host/models/deep.toml"
    base = {"models/zhipuai/deep.toml": deep}
    own = {path: 'base_model = "zhipuai/deep"'}
    found = read(ModelsDev(), folder(tmp_path, FILES | base | own))
    (broken,) = [one for one in found if isinstance(one, Broken)]
    assert broken.where == path and "too deep" in broken.why
    assert any(isinstance(one, Entry) and one.offers for one in found)


def test_a_link_is_followed_and_one_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    root = folder(tmp_path, FILES | {"providers/other/provider.toml": HOST})
    (root / "providers/other/models").mkdir()
    models = root / "providers/other/models"
    (models / "glm-5.2.toml").symlink_to("../../host/models/glm-5.2.toml")
    (models / "gone.toml").symlink_to("../../host/models/gone.toml")
    found = read(ModelsDev(), root)

    assert [one.where for one in found if isinstance(one, Broken)] == [
        "providers/other/models/gone.toml"
    ]
    (model,) = [one for one in found if isinstance(one, Entry)]
    assert [one.provider for one in model.offers] == ["host", "other"]


@pytest.mark.parametrize("kind", ["tar.gz", "zip"])
def test_an_archive_says_the_same_as_the_folder_with_its_own_date(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"models.dev.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as packed:
            for name, text in FILES.items():
                packed.writestr(zipfile.ZipInfo(f"repo-abc/{name}", (2026, 7, 1, 0, 0, 0)), text)
    else:
        with tarfile.open(path, "w:gz") as archive:
            for name, text in FILES.items():
                member = tarfile.TarInfo(f"repo-abc/{name}")
                member.size, member.mtime = len(text.encode()), 1782864000
                archive.addfile(member, io.BytesIO(text.encode()))

    offer = only_offer(read(ModelsDev(), path), "zai-org/GLM-5.2")
    assert (offer.input, offer.dated) == (Decimal("1.4"), "2026-07-01")


def test_api_json_is_read_by_provider(tmp_path: Path) -> None:
    model = {"name": "GPT-5", "cost": {"input": 1.25, "output": 10}, "limit": {"context": 400000}}
    path = tmp_path / "api.json"
    told = {"openai": {"doc": "https://x", "models": {"gpt-5": model, "bad": 3}}, "odd": []}
    path.write_text(json.dumps(told), "utf-8")
    found = read(ModelsDev(), path)

    (entry,) = [one for one in found if isinstance(one, Entry)]
    assert (entry.model, entry.offers[0].input) == ("openai/gpt-5", Decimal("1.25"))
    assert entry.values[Column.CONTEXT] == 400_000
    assert {one.where for one in found if isinstance(one, Broken)} == {"openai/bad", "odd"}


@pytest.mark.parametrize(
    ("host", "facts", "free"),
    [
        pytest.param("host", HOST, True, id="a free offer"),
        pytest.param("zai-coding-plan", HOST, False, id="a monthly plan is not free"),
        pytest.param("here", 'api = "http://127.0.0.1:1234/v1"', False, id="this machine"),
    ],
)
def test_nought_is_free_only_where_it_is_a_price(
    tmp_path: Path, host: str, facts: str, free: bool
) -> None:
    text = "[cost]\ninput = 0\noutput = 0.0"
    files = {f"providers/{host}/provider.toml": facts, f"providers/{host}/models/x.toml": text}
    offer = only_offer(read(ModelsDev(), folder(tmp_path, files)), f"{host}/x")

    assert offer.is_free is free
    assert offer.input == (Decimal(0) if free else None)


def test_no_cost_is_unknown_and_never_nought(tmp_path: Path) -> None:
    files = {"providers/h/provider.toml": HOST, "providers/h/models/x.toml": 'name = "X"'}
    offer = only_offer(read(ModelsDev(), folder(tmp_path, files)), "h/x")

    assert (offer.input, offer.output, offer.is_free) == (None, None, False)


def test_weights_that_two_models_claim_belong_to_the_one_of_that_name(tmp_path: Path) -> None:
    files = {"models/zhipuai/glm-5.2.toml": BASE, "models/zhipuai/glm-5.2-x.toml": BASE}

    assert set(entries(read(ModelsDev(), folder(tmp_path, files)))) == {
        "zai-org/GLM-5.2",
        "zai-org/glm-5.2-x",
    }


def test_results_come_with_their_setting_unit_and_who_says_so(tmp_path: Path) -> None:
    results = """
[[benchmarks]]
name = "SWE-Bench Pro"
score = 43.3
metric = "resolve rate"
dataset = "public"
date = "2026-05-28"
source = "https://board.example"
[[benchmarks]]
name = "Coding Index"
score = 34
metric = "index"
variant = "high"
source = "https://huggingface.co/zai-org/GLM-5.2"
[[benchmarks]]
name = "no number"
[[benchmarks]]
name = "not a number"
score = nan
[[benchmarks]]
name = "endless"
score = inf
"""
    root = folder(tmp_path, {"models/zhipuai/glm-5.2.toml": BASE + results})
    one, other = entries(read(ModelsDev(), root))["zai-org/GLM-5.2"].results

    assert (one.value, one.unit, one.setting, one.dated) == (
        43.3,
        "percent",
        "public",
        "2026-05-28",
    )
    assert one.self_reported is None
    assert (other.value, other.unit, other.setting) == (34.0, "points", "high")
    assert other.self_reported is True


def test_hosts_do_not_speak_for_a_model(tmp_path: Path) -> None:
    closed = "open_weights = false\ntool_call = true\n[limit]\ncontext = 8000"
    files = {"providers/h/provider.toml": HOST, "providers/h/models/qwen3-32b.toml": closed}
    values = entries(read(ModelsDev(), folder(tmp_path, files)))["Qwen/Qwen3-32B"].values

    assert values == {Column.TOOL_CALL: True}


def test_a_monthly_plan_says_nothing_of_a_model(tmp_path: Path) -> None:
    text = "tool_call = true"
    path = "providers/alibaba-coding-plan-x"
    files = {f"{path}/provider.toml": HOST, f"{path}/models/some-model.toml": text}
    (entry,) = entries(read(ModelsDev(), folder(tmp_path, files))).values()
    assert entry.values == {} and len(entry.offers) == 1


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(b"", "empty.tar.gz", id="an empty file"),
        pytest.param(b"\x1f\x8b\x08\x00broken", "broken.tar.gz", id="a broken archive"),
        pytest.param(b"PK\x03\x04broken", "broken.zip", id="a broken zip"),
        pytest.param(b"{", "api.json", id="broken JSON"),
        pytest.param(b"\xff\xfe\x00", "api.json", id="no text"),
        pytest.param(b"[1]", "api.json", id="a list"),
    ],
)
def test_what_cannot_be_read_at_all_is_told(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(data)

    with pytest.raises(BadInput) as told:
        read(ModelsDev(), tmp_path / name)
    assert told.value.hint


def test_a_missing_file_and_a_folder_without_models_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.tar.gz", tmp_path):
        with pytest.raises(BadInput):
            read(ModelsDev(), path)


@pytest.mark.parametrize(("hosts", "known"), [(1, False), (2, False), (3, True)])
def test_the_day_of_a_release_is_known_where_three_hosts_agree(
    tmp_path: Path, hosts: int, known: bool
) -> None:
    said = {"release_date": "2023-07-18", "reasoning": False}
    path = tmp_path / "api.json"
    rows = {f"host{n}": {"models": {"meta-llama/Llama-2-7b-chat-hf": said}} for n in range(hosts)}
    path.write_text(json.dumps(rows), "utf-8")
    values = entries(read(ModelsDev(), path))["meta-llama/Llama-2-7b-chat-hf"].values
    assert (Column.RELEASED in values) is known
    assert values[Column.REASONING] is False


def test_openrouter_counts_per_million_exactly(tmp_path: Path) -> None:
    offer = only_offer(read(OpenRouter(), openrouter(tmp_path, row())), "openai/gpt-5")

    assert (str(offer.input), str(offer.output)) == ("1.25", "10")
    assert (offer.provider, offer.hosted, offer.dated) == (
        "openrouter",
        "openai/gpt-5",
        "2026-11-01",
    )


def test_openrouter_joins_by_the_hub_id_that_it_names(tmp_path: Path) -> None:
    told = row("deepseek/deepseek-chat", hugging_face_id="deepseek-ai/DeepSeek-V3")
    found = entries(read(OpenRouter(), openrouter(tmp_path, told)))

    assert found["deepseek-ai/DeepSeek-V3"].values[Column.WEIGHTS] == "open"


@pytest.mark.parametrize(
    ("more", "inward", "free"),
    [
        pytest.param({"pricing": {"prompt": "-1", "completion": "-1"}}, None, False, id="variable"),
        pytest.param({"pricing": {}}, None, False, id="nothing said"),
        pytest.param({"pricing": {"prompt": "0", "completion": "0"}}, Decimal(0), True, id="free"),
        pytest.param(
            {"pricing": {"prompt": "0", "completion": "0", "image": "0.04"}},
            None,
            False,
            id="paid by the picture",
        ),
    ],
)
def test_openrouter_unknown_prices_are_not_nought(
    tmp_path: Path, more: dict[str, Any], inward: Decimal | None, free: bool
) -> None:
    offer = only_offer(read(OpenRouter(), openrouter(tmp_path, row(**more))), "openai/gpt-5")

    assert (offer.input, offer.is_free) == (inward, free)


def test_openrouter_batches_have_prices_of_their_own(tmp_path: Path) -> None:
    found = read(OpenRouter(), openrouter(tmp_path, row("openai/gpt-5:batch")))
    offer = only_offer(found, "openai/gpt-5")

    assert (offer.input, offer.batch_input) == (None, Decimal("1.25"))


def test_openrouter_names_each_broken_row(tmp_path: Path) -> None:
    bad = row("b/c", pricing={"prompt": "cheap"})
    found = read(OpenRouter(), openrouter(tmp_path, 3, {}, row(), row(), bad))

    assert [one.where for one in found if isinstance(one, Broken)] == [
        "model 1",
        "model 2",
        "model 4, openai/gpt-5",
        "model 5, b/c",
    ]


def test_openrouter_an_offer_that_has_ended_is_deprecated(tmp_path: Path) -> None:
    path = openrouter(tmp_path, row(expiration_date="2026-10-31"))

    assert only_offer(read(OpenRouter(), path), "openai/gpt-5").is_deprecated
    assert not only_offer(read(OpenRouter(), path, "2026-10-01"), "openai/gpt-5").is_deprecated


def test_every_price_of_the_package_is_read() -> None:
    found = read(GenaiPrices(), None)

    assert [one for one in found if isinstance(one, Broken)] == []
    assert len(found) > 1000
    offers = [one.offers[0] for one in found if isinstance(one, Entry)]
    assert all(one.is_free for one in offers if one.input == 0 or one.output == 0)
    assert any(one.batch_input for one in offers)


def test_in_the_package_only_makers_speak_of_their_models() -> None:
    spoken = {
        one.key.partition("/")[0]
        for one in read(GenaiPrices(), None)
        if isinstance(one, Entry) and one.values
    }

    assert "openai" in spoken and not spoken & {"groq", "together", "openrouter", "avian"}


def test_the_package_price_is_the_one_in_force() -> None:
    from genai_prices.data import providers

    changed = next(
        (host, model)
        for host in providers
        for model in host.models
        if isinstance(model.prices, list)
        and getattr(model.prices[-1].constraint, "start_date", None)
        and isinstance(model.prices[0].prices.input_mtok, Decimal)
        and isinstance(model.prices[-1].prices.input_mtok, Decimal)
        and model.prices[0].prices.input_mtok != model.prices[-1].prices.input_mtok
    )
    key = f"{changed[0].id}/{changed[1].id}"
    price = {}
    for date in ("2000-01-01", "2999-01-01"):
        (price[date],) = (
            one.offers[0].input
            for one in read(GenaiPrices(), None, date)
            if isinstance(one, Entry) and one.key == key
        )

    assert price["2000-01-01"] != price["2999-01-01"]


def test_what_would_steer_a_terminal_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    path.write_text('{"ho\\u001b[31mst": {"models": {"qwen3-32b\\ud800\\u0007": {}}}}', "utf-8")
    offer = only_offer(read(ModelsDev(), path), "Qwen/Qwen3-32B")

    assert (offer.provider, offer.hosted) == ("host", "qwen3-32b")


@pytest.mark.parametrize("price", ["1e999999", "1E+2000000000", "1e-999999", "Infinity", "１"])
def test_odd_numbers_are_told_or_read_and_never_crash(tmp_path: Path, price: str) -> None:
    told = {"prompt": price, "completion": price}
    (found,) = read(OpenRouter(), openrouter(tmp_path, row(pricing=told)))

    if isinstance(found, Broken):
        assert "price" in found.why
    else:
        assert found.offers[0].input is not None and found.offers[0].input < 10**6 + 1


def test_the_three_are_installed() -> None:
    assert {"modelsdev", "openrouter", "genai-prices"} <= set(installed())


def test_half_a_nought_is_no_price() -> None:
    assert pair_of(Decimal("0.1"), Decimal(0)) == (Decimal("0.1"), None, False)


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.just([])))
def test_any_value_is_a_price_or_told(value: object) -> None:
    try:
        price = price_of(value)
    except ValueError as error:
        assert "price" in str(error)
    else:
        assert price is None or (price >= 0 and price.is_finite())
    assert whole(value, least=1) is None or whole(value, least=1)


def test_all_real_offers_are_read(shared_data: Path) -> None:
    found = read(ModelsDev(), shared_data / "prices" / "models.dev_toml_f3fc692.tar.gz")
    broken = [one for one in found if isinstance(one, Broken)]
    offers = [one for entry in found if isinstance(entry, Entry) for one in entry.offers]

    assert len(offers) == 5276
    assert len(broken) == 31 and all("leads nowhere" in one.why for one in broken)
    assert all(one.is_free for one in offers if one.input == 0 or one.output == 0)


def test_all_real_models_of_openrouter_are_read(shared_data: Path) -> None:
    found = read(OpenRouter(), shared_data / "prices" / "openrouter_models_2026.json")

    assert len(found) == 364
    assert [one for one in found if isinstance(one, Broken)] == []


def test_the_real_models_without_hosts_are_read(shared_data: Path) -> None:
    found = read(ModelsDev(), shared_data / "catalog" / "modelsdev" / "models_metadata.json")

    assert [one for one in found if isinstance(one, Broken)] == []
    assert sum(isinstance(one, Entry) for one in found) > 210


def test_openrouter_tells_of_open_weights_what_its_hosts_take(tmp_path: Path) -> None:
    open_ones = row(id="a/open", hugging_face_id="a/Open", context_length=16_384)
    found = entries(read(OpenRouter(), openrouter(tmp_path, row(), open_ones)))
    closed, opened = found["openai/gpt-5"], found["a/Open"]
    assert opened.origins[Column.CONTEXT].kind is FactKind.ESTIMATED
    assert opened.values[Column.CONTEXT] == 16_384 and not closed.origins
