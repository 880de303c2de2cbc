"""Carries changes between devices by sealed envelopes; no Qt."""
