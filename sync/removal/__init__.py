"""What goes: orders judged and carried out, envelopes voided, keys destroyed."""
