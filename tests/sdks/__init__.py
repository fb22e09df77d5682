"""What the providers' own SDKs make of what `ChatEncoder` writes: `pytest --sdks`."""
