"""Workbooks ↔ checked rows (导入导出): knows the rules, not the database."""
