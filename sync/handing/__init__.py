"""Whose case file: receipts, letting go, and who reads what when two become one."""
