"""Papers as PDF in memory: texts, type setting, forms. Callers use `app.printing.papers`."""
