"""The providers' own SDKs read what `ChatEncoder` writes: `pytest --sdks`."""
