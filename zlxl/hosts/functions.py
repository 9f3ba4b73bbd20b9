"""The functions in cells: names, arguments and their Chinese help, which add-ins and tests are made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

MODULE: Final = "udfs.zlxl_udfs"  #: the Python module that the stubs call
CATEGORY: Final = "中澜客户服务"  #: heading in the spreadsheet's list of functions
PREFIX: Final = "ZL_"
#: Texts that stand for errors: the spreadsheet's stub turns them, alone or in an array, into error values.
BAD_ARGUMENT: Final = "#VALUE!"
NO_ANSWER: Final = "#N/A"


class Shape(Enum):
    """What comes back for a range."""

    CELLS = "每个单元格一个结果"
    ROWS = "每行一个结果"
    ONE = "整个区域一个结果"


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One argument, in its place."""

    name: str  #: ASCII; in Python and in the stubs
    help: str
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Function:
    """One function in cells."""

    name: str
    help: str
    arguments: tuple[Argument, ...]
    shape: Shape = Shape.CELLS
    dates: bool = False  #: whether an answer may be a day
    clause: str = ""  #: of ZL-CX-16
    example: str = ""  #: a formula as a clerk types it


_TABLE: Final = Argument(name="table", help="表名，默认“客户台账”", optional=True)
_SYSTEM: Final = Argument(name="system", help="体系，如 QMS；默认各体系通用的规则", optional=True)
_ISSUED: Final = Argument(name="issued_on", help="颁证日期；复评换证后从颁证日期起算", optional=True)
_AUDITED: Final = Argument(name="audited_on", help="最近一次审核或监审实施的日期")
_TEXT: Final = Argument(name="text", help="客户要求原文，或要求主题")
_ANSWERS: Final = Argument(name="answers", help="满意度问卷的答案，一份一行，如“很满意”")
_ITEMS: Final = Argument(name="items", help="各列的题目（表头）；默认按“评价准则”中题目的次序", optional=True)

FUNCTIONS: Final[tuple[Function, ...]] = (
    Function(
        name="ZL_CHECK",
        help="按校验规则检查单元格或整行：没有问题为空文本，否则给出规则代码和说明。不检查其他行和其他表。",
        arguments=(
            Argument(name="value", help="要检查的单元格、区域或一行数据"),
            Argument(name="column", help="列名，如“邮编”；检查整行时给出同样列数的表头"),
            _TABLE,
        ),
        clause="4.2.1",
        example='=ZL_CHECK(M3,"邮编")',
    ),
    Function(
        name="ZL_SUGGEST_FIX",
        help="给出建议的写法：正确的值照原样，有误的给出修复后的值；改法不明的为 #N/A。",
        arguments=(
            Argument(name="value", help="要修复的单元格或区域"),
            Argument(name="column", help="列名，如“联系电话”；各列不同时给出同样列数的表头"),
            _TABLE,
            Argument(
                name="safe_only", help="TRUE 只给可自动修复的；默认 FALSE，含须人工判断的", optional=True
            ),
        ),
        dates=True,
        clause="4.2.1",
        example='=ZL_SUGGEST_FIX(O3:O100,"联系电话")',
    ),
    Function(
        name="ZL_CHECK_USCC",
        help="统一社会信用代码是否正确（18 位和校验位，GB 32100）：TRUE 或 FALSE；空单元格为 #N/A。",
        arguments=(Argument(name="code", help="统一社会信用代码"),),
        clause="4.2.1",
        example="=ZL_CHECK_USCC(R3)",
    ),
    Function(
        name="ZL_FIND_PROVINCE",
        help="由邮编或地址得出企业省份；认不出的为 #N/A。",
        arguments=(Argument(name="place", help="6 位邮编，或写到省份的地址"),),
        clause="4.2.1",
        example="=ZL_FIND_PROVINCE(L3)",
    ),
    Function(
        name="ZL_LOOKUP_CLIENT",
        help="按企业名称、合同编号、证书编号或电话的一部分查客户台账；没有查到为 #N/A。",
        arguments=(
            Argument(name="key", help="要查的文字，可用 * 和 ?"),
            Argument(name="column", help="要返回的列，默认“企业名称”", optional=True),
            Argument(name="nth", help="第几条查到的记录，默认 1", optional=True),
        ),
        dates=True,
        clause="4.2.2",
        example='=ZL_LOOKUP_CLIENT("恒泰","联系电话")',
    ),
    Function(
        name="ZL_CLASSIFY",
        help="判定客户要求：a 不合理、b 有权处置、c 须上报；没有把握、须由人判断的为 #N/A。只是建议。",
        arguments=(
            _TEXT,
            Argument(
                name="part", help="类别（默认）、主题、把握、依据、答复口径、上报对象中的一个", optional=True
            ),
        ),
        clause="4.5",
        example='=ZL_CLASSIFY(J3,"主题")',
    ),
    Function(
        name="ZL_FIND_OWNER",
        help="客户要求由哪个部门负责（权限表）；没有把握的为 #N/A。",
        arguments=(_TEXT,),
        clause="4.5",
        example="=ZL_FIND_OWNER(J3)",
    ),
    Function(
        name="ZL_FIND_DEADLINE",
        help="客户要求的期限：从收到之日起按权限表的工作日推算；没有把握或未规定的为 #N/A。",
        arguments=(
            _TEXT,
            Argument(name="received_on", help="收到日期"),
            Argument(name="stage", help="答复，或办结（默认）", optional=True),
        ),
        dates=True,
        clause="4.5",
        example='=ZL_FIND_DEADLINE(J3,B3,"答复")',
    ),
    Function(
        name="ZL_PLAN_SURVEILLANCE",
        help="下次监审的计划日期（不晚于最晚日期的工作日）；没有规定间隔的为 #N/A。",
        arguments=(_AUDITED, _ISSUED, _SYSTEM),
        dates=True,
        clause="4.3",
        example="=ZL_PLAN_SURVEILLANCE(E3,U3,S3)",
    ),
    Function(
        name="ZL_LIMIT_SURVEILLANCE",
        help="下次监审的最晚日期（时限规则中当日有效的间隔）；超过应暂停证书。",
        arguments=(_AUDITED, _ISSUED, _SYSTEM),
        dates=True,
        clause="4.3",
        example="=ZL_LIMIT_SURVEILLANCE(E3,U3,S3)",
    ),
    Function(
        name="ZL_ADD_WORKDAYS",
        help="某日之后第 n 个工作日（负数为之前），按“节假日”表；0 为当日或其后第一个工作日。",
        arguments=(
            Argument(name="start_day", help="起始日期，当日不计"),
            Argument(name="workdays", help="工作日天数"),
        ),
        dates=True,
        clause="4.5",
        example="=ZL_ADD_WORKDAYS(B3,3)",
    ),
    Function(
        name="ZL_COUNT_WORKDAYS",
        help="两个日期之间的工作日天数，按“节假日”表；起始日不计，截止日计入，颠倒时为负数。",
        arguments=(
            Argument(name="start_day", help="起始日期"),
            Argument(name="last_day", help="截止日期"),
        ),
        clause="4.5",
        example="=ZL_COUNT_WORKDAYS(B3,TODAY())",
    ),
    Function(
        name="ZL_GRADE_CLIENT",
        help="按《有效性水平评价表》的各项评分得出等级；评分太少的为“未评级”。"
        "不含一票否决和调整，查某家企业用 ZL_LOOKUP_GRADE。",
        arguments=(
            Argument(name="scores", help="一份评价一行，各列依次为评价准则的题目；只有一列时为总分"),
            Argument(name="major", help="严重不符合项数，默认 0", optional=True),
            Argument(name="minor", help="一般不符合项数，默认 0", optional=True),
            Argument(name="repeated", help="其中重复发生的项数，默认 0", optional=True),
        ),
        shape=Shape.ROWS,
        clause="4.2.3",
        example="=ZL_GRADE_CLIENT(H3:P3,Q3,R3,S3)",
    ),
    Function(
        name="ZL_LOOKUP_GRADE",
        help="按企业名称、合同编号或证书编号查企业等级，含一票否决和调整，与“企业分级”一致；"
        "查不到或不止一家的为 #N/A。",
        arguments=(
            Argument(name="key", help="企业名称、合同编号、证书编号，或只有一家企业含有的一部分"),
            Argument(name="part", help="等级（默认）、总分、一票否决、上次等级、升降中的一个", optional=True),
        ),
        clause="4.2.3",
        example="=ZL_LOOKUP_GRADE(A3)",
    ),
    Function(
        name="ZL_SCORE_SATISFACTION",
        help="每份问卷的顾客满意指数：已答题目按权重平均；没有可计分的答案为 #N/A。",
        arguments=(_ANSWERS, _ITEMS),
        shape=Shape.ROWS,
        clause="4.7.1",
        example="=ZL_SCORE_SATISFACTION(R3:AB40,R2:AB2)",
    ),
    Function(
        name="ZL_AVERAGE_SATISFACTION",
        help="一组问卷的满意指数：各份指数的平均；没有可计分的答案为 #N/A。",
        arguments=(_ANSWERS, _ITEMS),
        shape=Shape.ONE,
        clause="4.7.1",
        example="=ZL_AVERAGE_SATISFACTION(R3:AB40,R2:AB2)",
    ),
    Function(
        name="ZL_ESTIMATE_INTERVAL",
        help="由收回的问卷推断全体客户的区间（置信水平见评价准则），下限和上限并排两格；样本不足为 #N/A。",
        arguments=(
            Argument(name="scores", help="各份问卷的指数，或 0 到 10 的推荐意愿"),
            Argument(name="population", help="下发的份数（总体）"),
            Argument(name="measure", help="指数（默认）、满意率或净推荐值", optional=True),
        ),
        shape=Shape.ONE,
        clause="4.7.1",
        example="=ZL_ESTIMATE_INTERVAL(V3:V40,120)",
    ),
    Function(
        name="ZL_SCORE_NPS",
        help="净推荐值：推荐者（9、10 分）减贬损者（0 至 6 分）的百分点；没有评分为 #N/A。",
        arguments=(Argument(name="ratings", help="0 到 10 的推荐意愿"),),
        shape=Shape.ONE,
        clause="4.7.1",
        example="=ZL_SCORE_NPS(AD3:AD40)",
    ),
    Function(
        name="ZL_EXPLAIN_RULE",
        help="规则的说明：现象、应为、依据、建议和示例；没有这条规则为 #N/A。",
        arguments=(
            Argument(name="code", help="规则代码，如 ZL132；也可以是 ZL_CHECK 给出的说明"),
            Argument(
                name="part", help="名称、严重程度、现象、应为、条款、建议中的一个；默认全文", optional=True
            ),
        ),
        clause="4.2.2",
        example='=ZL_EXPLAIN_RULE("ZL132")',
    ),
)
FUNCTION: Final = {function.name: function for function in FUNCTIONS}
