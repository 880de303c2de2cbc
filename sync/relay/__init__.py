"""The mailbox between devices: keeps sealed envelopes until every recipient has them; reads none."""
