"""Adapters for HTTP clients, each imported by its own name; importing this package imports no client.

- `sse_events.adapters.httpx`: httpx and httpx2, blocking and asynchronous.
- `sse_events.adapters.aiohttp`: aiohttp.
- `sse_events.adapters.requests`: requests and niquests.
"""
