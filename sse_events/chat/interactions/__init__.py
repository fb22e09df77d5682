"""Gemini's Interactions."""
