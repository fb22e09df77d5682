"""What needs an extra: httpx, PyYAML, rich or matplotlib."""
