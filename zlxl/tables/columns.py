"""Columns that several tables bear: which client, which contract, who, and where a policy row comes from."""

from __future__ import annotations

from typing import Annotated

from zlxl.schema.column import Column, Storage
from zlxl.tables.choices import read_choice
from zlxl.tables.codes import read_contract, read_uscc
from zlxl.tables.contact import read_phone
from zlxl.tables.text import cell, read_note, read_text

ContractNo = Annotated[
    str,
    cell(read_contract),
    Column(
        header="合同编号",
        storage=Storage.CODE,
        width=17,
        example="ZL20230015-QEO",
        synonyms=("合同号", "认证合同编号", "合同编码"),
        prompt="与客户台账一致，如 ZL20230015-QEO。",
    ),
]
ClientName = Annotated[
    str,
    cell(read_text),
    Column(
        header="企业名称",
        storage=Storage.TEXT,
        width=30,
        example="石家庄恒泰机械有限公司",
        synonyms=(
            *("公司名称", "单位名称", "客户名称", "组织名称", "受审核方", "认证委托方", "企业"),
            *("贵单位名称", "贵公司名称", "单位全称", "企业全称"),
        ),
        prompt="与营业执照一致的全称。",
    ),
]
Uscc = Annotated[
    str,
    cell(read_uscc),
    Column(
        header="统一社会信用代码",
        storage=Storage.CODE,
        width=21,
        example="91130100MA0EABCD1L",
        synonyms=("信用代码", "社会信用代码", "组织机构代码", "统一信用代码", "营业执照号"),
        prompt="18 位，见营业执照。",
    ),
]
Province = Annotated[
    str,
    cell(read_choice("省份")),
    Column(
        header="企业省份",
        storage=Storage.CHOICE,
        choices="省份",
        width=13,
        example="河北省",
        synonyms=("省份", "所在省份", "省市"),
        prompt="从下拉列表中选择全称。",
    ),
]
System = Annotated[
    str,
    cell(read_choice("体系")),
    Column(
        header="体系",
        storage=Storage.CHOICE,
        choices="体系",
        width=9,
        example="QMS",
        synonyms=("认证体系", "管理体系", "认证领域"),
        prompt="从下拉列表中选择一个体系；合同含多个体系且不区分时留空。",
    ),
]
Contact = Annotated[
    str,
    cell(read_text),
    Column(
        header="联系人",
        storage=Storage.TEXT,
        width=10,
        example="王丽",
        synonyms=("联系人姓名", "企业联系人", "客户联系人"),
        prompt="客户的联系人。",
    ),
]
Phone = Annotated[
    str,
    cell(read_phone),
    Column(
        header="联系电话",
        storage=Storage.CODE,
        width=16,
        example="0311-85551234",
        synonyms=("电话", "手机", "手机号", "联系方式", "电话号码"),
        prompt="手机 11 位，或 区号-号码-分机；多个用分号隔开。",
    ),
]
Handler = Annotated[
    str,
    cell(read_text),
    Column(
        header="经办人",
        storage=Storage.TEXT,
        width=10,
        example="张敏",
        synonyms=("客服人员", "经手人", "业务员"),
        prompt="市场部经办人员。",
    ),
]
Remark = Annotated[
    str,
    cell(read_note),
    Column(header="备注", storage=Storage.NOTE, width=24, synonyms=("备注说明",), prompt="自由填写。"),
]
Enabled = Annotated[
    str,
    cell(read_choice("是否")),
    Column(
        header="启用",
        storage=Storage.CHOICE,
        choices="是否",
        width=8,
        example="是",
        synonyms=("是否启用",),
        prompt="填“否”则本行不起作用，不必删除。",
    ),
]
Source = Annotated[
    str,
    cell(read_note),
    Column(
        header="来源",
        storage=Storage.NOTE,
        width=26,
        example="CNCA-QMS-01:2025 5.4.1.4",
        synonyms=("出处", "依据来源"),
        prompt="依据的文件和条款；本公司自定的写“建议值”或批准文号。",
    ),
]
Mark = Annotated[
    str,
    cell(read_choice("确定程度")),
    Column(
        header="确定程度",
        storage=Storage.CHOICE,
        choices="确定程度",
        width=11,
        example="已核实",
        synonyms=("可靠程度",),
        prompt="已核实、来源较弱、未核实或建议值；启用前请本公司确认。",
    ),
]
