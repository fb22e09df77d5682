"""The UI message stream of Vercel's AI SDK, which is only written."""
