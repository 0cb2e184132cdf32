"""Workbooks made by somebody else: with openpyxl, never with the template's own code."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from stdnum.cn import uscc

ENTERPRISE_HEADERS = (
    "统一社会信用代码*", "企业名称*", "注册日期", "所在街道", "行业", "成长阶段", "高企状态",
    "高企证书编号", "发证日期", "联系人", "联系电话", "入会日期*", "退会日期", "收款户名", "开户行",
    "收款账号",
)  # fmt: skip
AGENCY_HEADERS = (
    "统一社会信用代码*", "机构名称*", "注册日期", "入会日期*", "服务范围*", "从业人数", "收款户名",
    "开户行", "收款账号", "联系人", "联系电话", "暂停起", "暂停止", "退出日期",
)  # fmt: skip
AGREEMENT_HEADERS = (
    "协议编号*", "企业信用代码*", "机构信用代码*", "服务类别*", "签订日期*", "协议金额(元)*",
    "预收费用(元)", "备案编号", "备案确认日期", "开始日期", "垫付金额(元)", "垫付日期",
)  # fmt: skip
CLAIM_HEADERS = (
    "申请编号*", "协议编号*", "所属月份*", "成果类型*", "成果编号*", "成果日期*", "申请金额(元)*",
    "申报日期", "收款户名", "收款账号", "计算基数(元)", "数量", "发票号码", "发票金额(元)",
    "企业确认日期", "企业确认预付(元)", "企业确认事后付(元)", "满意度", "备注",
)  # fmt: skip
POLICY_HEADERS = (
    "文件", "条款", "服务类别*", "成果类型", "用途*", "收款方*", "方式*", "定额(元)", "上限(元)", "比例(%)",
    "生效日期*", "失效日期", "预算科目*",
)  # fmt: skip
BUDGET_HEADERS = ("年度*", "科目*", "额度(元)*")
TIE_HEADERS = ("账号*", "单位信用代码*", "关系*", "起*", "止")
ACTUAL_HEADERS = (
    "地区*", "指标*", "截至日期*", "期间起", "数值*", "口径", "单位*", "类型*", "可信度*", "来源*",
    "来源网址", "发布日期", "说明", "替代编号", "替代理由",
)  # fmt: skip

HEADERS: dict[str, tuple[str, ...]] = {
    "企业会员": ENTERPRISE_HEADERS,
    "服务机构": AGENCY_HEADERS,
    "合作对子": AGREEMENT_HEADERS,
    "补贴申请": CLAIM_HEADERS,
    "补贴标准": POLICY_HEADERS,
    "预算额度": BUDGET_HEADERS,
    "回避关系": TIE_HEADERS,
    "实绩": ACTUAL_HEADERS,
}

Rows = dict[str, list[list[Any]]]


def code(number: int, kind: str = "MA") -> str:
    """A well-formed credit code with the right check digit."""
    body = f"91210231{kind}{number:07d}"
    return body + str(uscc.calc_check_digit(body))


ENTERPRISE, AGENCY = code(1), code(1, "MB")


def enterprise(number: int = 1, **changes: Any) -> list[Any]:
    """A sound line of 企业会员; changes by header without the star."""
    values: dict[str, Any] = {
        "统一社会信用代码": code(number), "企业名称": f"大连测试{number}有限公司",
        "注册日期": date(2019, 5, 20), "所在街道": "凌水街道", "行业": "软件", "成长阶段": "成长",
        "高企状态": "无", "联系人": "张三", "联系电话": "0411-84790000", "入会日期": date(2024, 3, 1),
        "收款户名": f"大连测试{number}有限公司", "开户行": "示例银行", "收款账号": f"62220202{number:08d}",
    }  # fmt: skip
    return _line(ENTERPRISE_HEADERS, values | changes)


def agency(number: int = 1, **changes: Any) -> list[Any]:
    """A sound line of 服务机构."""
    values: dict[str, Any] = {
        "统一社会信用代码": code(number, "MB"), "机构名称": f"大连测试机构{number}有限公司",
        "入会日期": date(2023, 1, 15), "服务范围": "高企认定（首次）、软件著作权登记", "从业人数": 26,
        "收款户名": f"大连测试机构{number}有限公司", "开户行": "示例银行", "收款账号": f"62220303{number:08d}",
        "联系人": "李四", "联系电话": "0411-84790001",
    }  # fmt: skip
    return _line(AGENCY_HEADERS, values | changes)


def agreement(number: int = 1, **changes: Any) -> list[Any]:
    """A sound line of 合作对子."""
    values: dict[str, Any] = {
        "协议编号": f"XY-T-{number:04d}", "企业信用代码": ENTERPRISE, "机构信用代码": AGENCY,
        "服务类别": "高企认定（首次）", "签订日期": date(2026, 3, 2), "协议金额(元)": 30000,
        "预收费用(元)": 0, "备案编号": f"BA-T-{number:04d}", "备案确认日期": date(2026, 3, 6),
        "开始日期": date(2026, 3, 10), "垫付金额(元)": 5000, "垫付日期": date(2026, 3, 12),
    }  # fmt: skip
    return _line(AGREEMENT_HEADERS, values | changes)


def claim(number: int = 1, **changes: Any) -> list[Any]:
    """A sound line of 补贴申请."""
    values: dict[str, Any] = {
        "申请编号": f"T-2026-{number:04d}", "协议编号": f"XY-T-{number:04d}", "所属月份": "2026-11",
        "成果类型": "高新技术企业证书（首次）", "成果编号": f"GR2026210{number:05d}",
        "成果日期": date(2026, 10, 20), "申请金额(元)": 50000, "申报日期": date(2026, 11, 3),
        "收款户名": "大连测试机构1有限公司", "收款账号": "6222030300000001",
        "企业确认日期": date(2026, 10, 28), "企业确认预付(元)": 0, "企业确认事后付(元)": 0, "满意度": 5,
    }  # fmt: skip
    return _line(CLAIM_HEADERS, values | changes)


def policy(**changes: Any) -> list[Any]:
    """A sound line of 补贴标准."""
    values: dict[str, Any] = {
        "文件": "测试办法", "条款": "第三条", "服务类别": "软件著作权登记", "用途": "补贴",
        "收款方": "服务机构", "方式": "定额", "定额(元)": 1000, "生效日期": date(2026, 1, 1),
        "预算科目": "T01",
    }  # fmt: skip
    return _line(POLICY_HEADERS, values | changes)


def actual(number: int = 1, **changes: Any) -> list[Any]:
    """A sound line of 实绩."""
    values: dict[str, Any] = {
        "地区": "大连高新区", "指标": "高新技术企业数量", "截至日期": date(2025, 12, 31),
        "数值": 1600 + number, "口径": "等于", "单位": "家", "类型": "公开通报", "可信度": "高",
        "来源": f"测试公报第{number}期", "来源网址": "https://example.org/1",
        "发布日期": date(2026, 3, 20), "说明": "测试",
    }  # fmt: skip
    return _line(ACTUAL_HEADERS, values | changes)


def one_of_each() -> Rows:
    """The smallest workbook with every sheet, all of it sound."""
    return {
        "企业会员": [enterprise()],
        "服务机构": [agency()],
        "合作对子": [agreement()],
        "补贴申请": [claim()],
        "补贴标准": [policy()],
        "预算额度": [[2026, "T01", 1_000_000]],
        "回避关系": [["reviewer", AGENCY, "任职", date(2026, 1, 1), None]],
        "实绩": [actual()],
    }


def workbook(sheets: Rows) -> bytes:
    """The sheets as an `.xlsx`, each under its usual header."""
    return saved({name: [list(HEADERS[name]), *rows] for name, rows in sheets.items()})


def saved(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """Sheets as they are, headers included."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return as_bytes(book)


def as_bytes(book: Workbook) -> bytes:
    """A workbook's bytes."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _line(headers: Iterable[str], values: dict[str, Any]) -> list[Any]:
    plain = [header.rstrip("*") for header in headers]
    unknown = set(values) - set(plain)
    assert not unknown, unknown
    return [values.get(header) for header in plain]
