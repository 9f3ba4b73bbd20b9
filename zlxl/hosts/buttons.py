"""The buttons of the tab 客户服务: what the ribbon, the Calc menu and their tests are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Button:
    """One button: ``function`` of ``zlxl.hosts.ribbon`` carries it out on the open workbook."""

    id: str
    label: str  #: 2 to 4 characters
    group: str
    icon: str  #: imageMso of Office 2010
    keytip: str
    screentip: str
    supertip: str  #: what it does, the clause, whether it writes
    writes: bool
    function: str
    sheet: str = ""  #: the sheet a workbook must have; empty where any open workbook will do
    large: bool = False


#: Groups from left to right, with the letter their keytips begin with.
GROUPS: Final = {"校验": "C", "修复": "F", "要求处置": "Q", "满意度": "M", "资料": "D"}

_READS: Final = "只看不写。"
_CELLS: Final = "先预览，确认后写入单元格，记入“变更记录”，可用“撤销上次”还原。"


def _sheet(name: str, also: str = "") -> str:
    return f"先预览，确认后写入工作表“{name}”{also}；已有的数据不改动。"


def _button(
    id_: str,
    label: str,
    group: str,
    icon: str,
    key: str,
    tips: tuple[str, str],
    mode: str,
    *,
    sheet: str = "",
    large: bool = False,
) -> Button:
    return Button(
        id=f"zl_{id_}",
        label=label,
        group=group,
        icon=icon,
        keytip=GROUPS[group] + key,
        screentip=tips[0],
        supertip=tips[1] + mode,
        writes=mode is not _READS,
        function=id_,
        sheet=sheet,
        large=large,
    )


BUTTONS: Final[tuple[Button, ...]] = (
    _button(
        *("check_workbook", "检查全表", "校验", "DataValidation", "A"),
        ("逐行检查整个工作簿", "按全部规则检查每一行，列出有问题的单元格和建议（4.2.1、4.2.2）。"),
        _sheet("校验结果"),
        large=True,
    ),
    _button(
        *("check_selection", "检查选中", "校验", "FindDialog", "R"),
        ("只检查选中的行", "列出选中各行的问题、单元格和建议（4.2.1）。"),
        _READS,
    ),
    _button(
        *("next_finding", "下一处", "校验", "ReviewNextComment", "N"),
        ("转到下一处问题", "从当前单元格起，选中下一个有问题的单元格，说明原因。"),
        _READS,
    ),
    _button(
        *("clear_marks", "清除结果", "校验", "ReviewDeleteComment", "C"),
        ("删除工作表“校验结果”", "连同其中写下的处理结果一起删除；其他工作表不改动。"),
        "先确认，再写入；不能撤销。",
    ),
    _button(
        *("preview_fixes", "预览修复", "修复", "FilePrintPreview", "P"),
        ("列出可以修复的单元格", "列出每处修改的旧值、新值和把握：全角、空格、文本日期等（4.2.1）。"),
        _READS,
        large=True,
    ),
    _button(
        *("apply_fixes", "应用修复", "修复", "AcceptInvitation", "A"),
        ("写入有把握的修复", "只采用有把握的修改，须人工确认的留着（4.2.1）。"),
        _CELLS,
    ),
    _button(
        *("undo_last", "撤销上次", "修复", "Undo", "U"),
        ("撤销上一次写入", "值仍是上次写入的单元格恢复原值；之后改过的保持不动并列出。"),
        "先预览，确认后写入原值；生成的工作表不还原。",
    ),
    _button(
        *("classify_requests", "分类要求", "要求处置", "Filter", "A"),
        ("判定未确认的客户要求", "给出主题、a/b/c 类、责任部门、期限和依据（4.4、4.5）；不改确认栏。"),
        _CELLS,
        sheet="客户要求",
        large=True,
    ),
    _button(
        *("list_overdue", "逾期要求", "要求处置", "StartTimer", "O"),
        ("列出逾期和须上报的要求", "列出逾期的、须人确认的和应及时反馈的客户要求（4.5、4.9）。"),
        _READS,
        sheet="客户要求",
    ),
    _button(
        *("list_common", "共性问题", "要求处置", "Consolidate", "C"),
        ("列出多家客户提出的问题", "列出多家客户提出的共性问题及其改进措施（4.6）。"),
        _READS,
        sheet="客户要求",
    ),
    _button(
        *("satisfaction_quarter", "季度分析", "满意度", "ChartInsert", "Q"),
        ("本季度的客户满意度", "回收、各题、指数和区间、趋势、扣分（4.7）。"),
        _sheet("满意度_季度"),
        sheet="满意度调查",
        large=True,
    ),
    _button(
        *("satisfaction_year", "年度分析", "满意度", "CalendarInsert", "A"),
        ("本年度的客户满意度", "全年的满意度指数、各季趋势和重大事件扣分（4.7.2）。"),
        _sheet("满意度_年度"),
        sheet="满意度调查",
    ),
    _button(
        *("yearend_report", "年终汇总", "满意度", "CreateReport", "E"),
        ("年终汇总，报主管副总", "要求统计、共性问题、现有和潜在需求、增值服务、措施和结论（4.6）。"),
        _sheet("年终汇总_年度"),
        sheet="客户要求",
    ),
    _button(
        *("grade_clients", "企业分级", "资料", "SortFilterMenu", "G"),
        ("企业分等分级", "按有效性评价的得分、扣分和否决给出各企业的等级（4.2.2、4.2.3）。"),
        _sheet("企业分级"),
        sheet="有效性评价",
        large=True,
    ),
    _button(
        *("plan_service", "待办提醒", "资料", "AddToFavorites", "P"),
        ("各客户的待办事项", "监审、再认证、调查、回访等待办，按紧急程度排列（4.3）。"),
        _sheet("待办提醒", "，并在“服务计划”中加入缺少的行"),
    ),
    _button(
        *("make_directory", "获证名录", "资料", "HyperlinkInsert", "D"),
        ("获证客户名录", "只含可公开的信息，列出上次报送以来的变化（4.10.2）。"),
        _sheet("获证客户名录", "，并登记一行“名录报送”"),
    ),
    _button(
        *("explain_rule", "规则说明", "资料", "Help", "R"),
        ("说明所选行违反的规则", "说明所选行违反的规则：条款、原因和改法；没有问题时列出全部规则。"),
        _READS,
    ),
)

BUTTON: Final = {button.id: button for button in BUTTONS}
