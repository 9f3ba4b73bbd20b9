"""``zlxl classify`` on lists of texts and on databases."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.hosts.conftest import Run, here, zlxl  # noqa: F401 (fixtures)
from tests.messy.book import Sheet, save
from zlxl.tables.requests import REQUESTS

TODAY = ("--today", "2026-11-24")
KEYS = ["id", "topics", "class", "owner", "confidence", "decided_by", "evidence"]
TEXTS = """id,text
7,证书快递单号多少
X8,你们能不能保证通过
9,"我要投诉审核员，态度恶劣"
10,今天天气不错
"""


@pytest.fixture
def texts(here: Path) -> Path:  # noqa: F811
    path = here / "清单.csv"
    path.write_text(TEXTS, "utf-8")
    return path


@pytest.fixture
def database(here: Path) -> Path:  # noqa: F811
    """A workbook with two requests; nobody has confirmed them."""
    headers = list(REQUESTS.headers)
    texts = {"2026-11-23": "证书快递单号多少", "2026-11-02": "证书遗失，申请补办"}
    rows = [
        {"编号": f"YQ2026-000{n}", "接收日期": day, "要求原文": text, "要求状态": "待确认"}
        for n, (day, text) in enumerate(texts.items(), 1)
    ]
    lines = [headers, *([row.get(header) for header in headers] for row in rows)]
    return save(here / "库.xlsx", Sheet("客户要求").rows(1, 1, lines))


def cells(path: Path) -> list[dict[str, object]]:
    """Rows of 客户要求 by header."""
    headers, *lines = load_workbook(path)["客户要求"].iter_rows(values_only=True)
    return [dict(zip(headers, line, strict=True)) for line in lines]


def test_a_list_gives_one_object_a_line_in_its_order(zlxl: Run, texts: Path):  # noqa: F811
    done = zlxl("classify", "--csv", texts, "--format", "json")
    found = json.loads(done.out)

    assert (done.code, done.err) == (0, "")
    assert [list(one) for one in found] == [KEYS] * 4
    assert [one["id"] for one in found] == ["7", "X8", "9", "10"]
    assert [one["class"] for one in found] == ["b", "a", "c", None]
    assert [one["decided_by"] for one in found] == ["phrase", "phrase", "phrase", "abstain"]
    assert [one["owner"] for one in found] == ["制证部", "市场部", "申诉调查组", None]
    assert all(one["evidence"] for one in found[:3])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_excel_are_read(zlxl: Run, texts: Path, encoding: str):  # noqa: F811
    texts.write_text(TEXTS, encoding)

    found = json.loads(zlxl("classify", "--csv", texts, "--format", "json").out)

    assert [one["class"] for one in found] == ["b", "a", "c", None]


def test_text_and_csv_tell_the_same(zlxl: Run, texts: Path):  # noqa: F811
    told = zlxl("classify", "--csv", texts).out
    lines = list(csv.DictReader(io.StringIO(zlxl("classify", "--csv", texts, "--format", "csv").out)))

    assert "共 4 条：a 1，b 1，c 1，待人工 1。" in told
    assert [line["类别"] for line in lines] == ["b", "a", "c", "待人工"]
    assert [line["编号"] for line in lines] == ["7", "X8", "9", "10"]


@pytest.mark.parametrize(
    ("content", "told"), [("甲,乙\n1,2\n", "没有 text 一列"), ("", "空文件"), ("id,text\n", None)]
)
def test_lists_without_texts_are_told(zlxl: Run, here: Path, content: str, told: str | None):  # noqa: F811
    (here / "清单.csv").write_text(content, "utf-8")
    done = zlxl("classify", "--csv", "清单.csv", "--format", "json")

    if told:
        assert told in done.err
        assert done.code in (2, 3)
    else:
        assert json.loads(done.out) == []


def test_without_database_and_list_the_usage_is_told(zlxl: Run, here: Path):  # noqa: F811
    assert zlxl("classify").code == 2
    assert zlxl("classify", "库.xlsx", "--csv", "清单.csv", "--write").code == 2


def test_without_write_nothing_is_written(zlxl: Run, database: Path):  # noqa: F811
    before = database.read_bytes()
    done = zlxl("classify", database, *TODAY)

    assert before == database.read_bytes()
    assert [database] == list(database.parent.iterdir())
    assert done.code == 1  # a lost certificate of 2 November is late
    assert "须人处理（确认、上报、婉拒）：1 条" in done.out
    assert "逾期：3 条" in done.out


@pytest.mark.filterwarnings("ignore:.*no default style")
def test_write_fills_the_proposal_and_never_confirms(zlxl: Run, database: Path):  # noqa: F811
    done = zlxl("classify", database, "--write", *TODAY, "--format", "json")
    first, second = cells(database)

    assert database.as_posix() == json.loads(done.out)["written"]
    assert (first["建议主题"], first["建议类别"], first["责任部门"]) == ("证书邮寄与查询", "b", "制证部")
    assert f"{first['首次答复期限']:%Y-%m-%d}" == "2026-11-24"
    assert (second["建议主题"], second["建议类别"], second["要求状态"]) == ("证书遗失补发", "c", "待确认")
    assert {None} == {row[name] for row in (first, second) for name in ("确认主题", "确认类别", "确认人")}
    assert "备份" in done.err
    log = [line for line in load_workbook(database)["变更记录"].values if "客户要求" in line]
    assert len(log) == 14  # seven cells of two rows
    assert "建议：b 类，证书邮寄与查询，把握" in str(log[0])
    again = zlxl("classify", database, "--write", *TODAY)
    assert "没有写入" in again.err


def test_json_of_a_database_holds_what_a_person_must_see_to(zlxl: Run, database: Path):  # noqa: F811
    told = json.loads(zlxl("classify", database, *TODAY, "--format", "json").out)

    assert [one["id"] for one in told["requests"]] == ["YQ2026-0001", "YQ2026-0002"]
    assert [(one["id"], one["reason"], one["escalate_to"]) for one in told["waiting"]] == [
        ("YQ2026-0002", "escalate", "管理者代表")
    ]
    assert [one["reason"] for one in told["overdue"]] == ["escalate", "reply", "close"]
    assert told["requests"][0]["answer"]
    assert told["requests"][0]["clause"] == "4.5 b)"


def test_the_policy_of_a_database_holds_for_a_list(zlxl: Run, here: Path, texts: Path):  # noqa: F811
    assert zlxl("new", "库.xlsx").code == 0

    own = zlxl("classify", "库.xlsx", "--csv", texts, "--format", "json")

    assert own.out == zlxl("classify", "--csv", texts, "--format", "json").out


def test_common_problems_in_every_format(zlxl: Run, here: Path):  # noqa: F811
    headers = ["编号", "企业名称", "接收日期", "要求原文", "要求状态"]
    rows = [[f"YQ2026-000{n}", f"{n}号公司", "2026-11-02", "证书快递单号多少", "待确认"] for n in (1, 2, 3)]
    path = save(here / "库.xlsx", Sheet("客户要求").rows(1, 1, [headers, *rows]))

    (one,) = json.loads(zlxl("classify", path, "--common", "--format", "json").out)["common"]
    (line,) = csv.DictReader(io.StringIO(zlxl("classify", path, "--common", "--format", "csv").out))

    assert (one["clients"], one["state"]) == (["1号公司", "2号公司", "3号公司"], "未反馈")
    assert (line["条数"], line["客户数"], line["最早"]) == ("3", "3", "2026-11-02")
    assert "共性问题 1 组" in zlxl("classify", path, "--common").out
    assert "共性问题 1 组，其中未反馈 1 组" in zlxl("classify", path, *TODAY).out
    assert zlxl("classify", path, "--common", "--write").code == 2


@pytest.mark.parametrize(
    "content",
    [
        "客户要求清单,\n,\nID,Text\n7,证书快递单号多少\n",
        "编号;要求原文\n7;证书快递单号多少\n",
        '﻿text,note,id\n"证书快递\n单号多少",x,7\n',
        "Text\tid\n证书快递单号多少\t7\n",
    ],
)
def test_lists_of_other_shapes_are_read(zlxl: Run, here: Path, content: str):  # noqa: F811
    (here / "清单.csv").write_text(content, "utf-8")

    (one,) = json.loads(zlxl("classify", "--csv", "清单.csv", "--format", "json").out)

    assert (one["id"], one["topics"]) == ("7", ["证书邮寄与查询"])


def test_without_ids_lines_are_numbered_and_a_workbook_will_do(zlxl: Run, here: Path):  # noqa: F811
    path = save(here / "清单.xlsx", Sheet("表1").rows(1, 1, [["text"], ["证书快递单号多少"], ["包过吗"]]))

    told = json.loads(zlxl("classify", "--csv", path, "--format", "json").out)

    assert [(one["id"], one["class"]) for one in told] == [("1", "b"), ("2", "a")]


@pytest.fixture
def taught(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """A workbook of confirmed requests in an office's own words, beside a small synthetic set."""
    from zlxl.decisions.training import sample
    from zlxl.jobs.classifying import learning

    plain = {"发票开具与补寄": "发票什么时候开", "证书邮寄与查询": "证书寄到哪里了", "表扬转达": "老师很专业"}
    openings = ("您好", "请问", "老师", "麻烦", "我司", "急", "在吗", "你们")
    samples = [sample(f"{o}，{text}", topic, f"{o}{text}") for topic, text in plain.items() for o in openings]
    monkeypatch.setattr(learning, "shipped_samples", lambda: samples)
    monkeypatch.setattr(learning, "shipped_embedding", lambda: None)
    headers = list(REQUESTS.headers)
    rows = [
        {
            "编号": f"YQ2026-{n:04}",
            "接收日期": "2026-11-23",
            "客户名称": f"客户{n}有限公司",
            "要求原文": f"{opening}红本本到没到",
            "要求状态": "已办结",
            "确认主题": "证书邮寄与查询",
            "确认类别": "b",
        }
        for n, opening in enumerate(openings, 1)
    ]
    lines = [headers, *([row.get(header) for header in headers] for row in rows)]
    return save(here / "库.xlsx", Sheet("客户要求").rows(1, 1, lines))


def test_training_writes_a_model_beside_the_database_that_is_used_from_then_on(
    zlxl: Run,  # noqa: F811
    taught: Path,
) -> None:
    before = taught.read_bytes()
    done = zlxl("classify", taught.name, "--train", "--format", "json", *TODAY)
    told = json.loads(done.out)
    (taught.parent / "问.csv").write_text("id,text\n1,红本本\n", "utf-8")
    asked = ("classify", taught.name, "--csv", "问.csv", "--forced", "--format", "json", *TODAY)
    used = json.loads(zlxl(*asked).out)
    (taught.parent / "zlxl-要求模型.json").unlink()
    shipped = json.loads(zlxl(*asked).out)

    assert done.code == 0
    assert "交叉验证" in done.err
    assert told["replaced"] is True
    assert told["after"]["confirmed_macro_f1"] >= told["before"]["confirmed_macro_f1"]
    assert used[0]["topics"] == ["证书邮寄与查询"]
    assert used[0]["confidence"] != shipped[0]["confidence"]
    assert taught.read_bytes() == before


def test_training_twice_changes_nothing_and_says_so(zlxl: Run, taught: Path) -> None:  # noqa: F811
    zlxl("classify", taught.name, "--train", *TODAY)
    learnt = (taught.parent / "zlxl-要求模型.json").read_bytes()

    done = zlxl("classify", taught.name, "--train", *TODAY)

    assert "没有新确认的要求" in done.out
    assert (taught.parent / "zlxl-要求模型.json").read_bytes() == learnt


def test_options_that_do_not_go_together_are_refused(zlxl: Run, taught: Path, texts: Path) -> None:  # noqa: F811
    assert zlxl("classify", taught.name, "--train", "--write").code == 2
    assert zlxl("classify", "--csv", texts, "--train").code == 2
    assert zlxl("classify", taught.name, "--train", "--format", "csv").code == 2


def test_a_damaged_model_is_told_with_what_to_do(zlxl: Run, database: Path) -> None:  # noqa: F811
    (database.parent / "zlxl-要求模型.json").write_text("{}", "utf-8")

    done = zlxl("classify", database.name, *TODAY)

    assert done.code == 3
    assert "zlxl-要求模型.json" in done.err
    assert "删除" in done.err
