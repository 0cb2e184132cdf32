"""The heads of a workbook of members, by the field they fill."""

HEADS = {
    "uscc": "统一社会信用代码", "name": "企业名称", "registered_on": "注册日期", "district": "所在街道",
    "industry": "行业", "growth_stage": "成长阶段", "hnte_status": "高企状态",
    "joined_on": "入会日期", "contact_name": "联系人", "contact_phone": "联系电话",
    "payee_name": "收款户名", "payee_bank": "开户行", "payee_account": "收款账号",
}  # fmt: skip
