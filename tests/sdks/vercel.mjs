// What Vercel's AI SDK, and Anthropic's own, make of streams. In: a JSON list of [reader, body]. Out: a JSON list of what each reader saw.
import { DefaultChatTransport, jsonSchema, readUIMessageStream, streamText, tool } from "ai";
import Anthropic from "@anthropic-ai/sdk";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createCohere } from "@ai-sdk/cohere";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";

const serve = (body) => async () =>
  new Response(Buffer.from(body, "base64"), {
    headers: { "content-type": "text/event-stream", "x-vercel-ai-ui-message-stream": "v1" },
  });

const models = {
  openai: (fetch) => createOpenAI({ apiKey: "k", fetch }).chat("m"),
  "openai-compatible": (fetch) =>
    createOpenAICompatible({ name: "c", baseURL: "http://fake/v1", includeUsage: true, fetch })("m"),
  responses: (fetch) => createOpenAI({ apiKey: "k", fetch }).responses("m"),
  anthropic: (fetch) => createAnthropic({ apiKey: "k", fetch })("m"),
  gemini: (fetch) => createGoogleGenerativeAI({ apiKey: "k", fetch })("m"),
  cohere: (fetch) => createCohere({ apiKey: "k", fetch })("m"),
};

// Tools that run, so that it is seen which calls the SDK runs.
function tools(seen) {
  const made = {};
  for (const name of ["weather", "sum", "now", "f", "shell"])
    made[name] = tool({
      inputSchema: jsonSchema({ type: "object" }),
      execute: (input) => { seen.run.push([name, input]); return "ok"; },
    });
  return made;
}

async function read(name, body) {
  const seen = { text: "", reasoning: "", calls: [], run: [], sources: [], errors: [], finish: null, usage: null };
  const part = (p) => {
    if (p.type === "text-delta") seen.text += p.text ?? p.delta;
    else if (p.type === "reasoning-delta") seen.reasoning += p.text ?? p.delta;
    else if (p.type === "tool-call") seen.calls.push([p.toolCallId, p.toolName, p.input, p.invalid ?? false]);
    else if (p.type === "tool-input-available") seen.calls.push([p.toolCallId, p.toolName, p.input, false]);
    else if (p.type === "source" || p.type === "source-url") seen.sources.push(p.url);
    else if (p.type === "error") seen.errors.push(String(p.errorText ?? p.error?.message ?? p.error?.data?.message ?? JSON.stringify(p.error)));
    else if (p.type === "finish") {
      seen.finish = p.finishReason ?? "finished";
      if (p.totalUsage) seen.usage = [p.totalUsage.inputTokens ?? null, p.totalUsage.outputTokens ?? null];
    }
  };
  try {
    if (name === "ui") {
      const transport = new DefaultChatTransport({ api: "http://fake/api/chat", fetch: serve(body) });
      const ask = { trigger: "submit-message", chatId: "1", messages: [], abortSignal: undefined };
      const [one, other] = (await transport.sendMessages(ask)).tee();
      const chunks = (async () => { for await (const chunk of one) part(chunk); })();
      let last = null;
      for await (const message of readUIMessageStream({ stream: other, onError: () => {} })) last = message;
      await chunks;
      seen.parts = last?.parts ?? [];
    } else if (name === "anthropic-sdk") {
      const client = new Anthropic({ apiKey: "k", fetch: serve(body), maxRetries: 0 });
      const ask = { model: "m", max_tokens: 9, messages: [{ role: "user", content: "hi" }] };
      const message = await client.messages.stream(ask).finalMessage();
      for (const block of message.content) {
        if (block.type === "text") seen.text += block.text;
        else if (block.type === "tool_use") seen.calls.push([block.id, block.name, block.input, false]);
      }
      seen.finish = message.stop_reason;
    } else {
      const result = streamText({
        model: models[name](serve(body)), prompt: "hi", tools: tools(seen), maxRetries: 0, onError: () => {},
      });
      for await (const p of result.fullStream) part(p);
    }
  } catch (error) {
    seen.errors.push(name === "anthropic-sdk" ? error.constructor.name : String(error));
  }
  return seen;
}

globalThis.AI_SDK_LOG_WARNINGS = false; // they would be printed among the results
let input = "";
for await (const chunk of process.stdin) input += chunk;
const out = [];
for (const [name, body] of JSON.parse(input)) out.push(await read(name, body));
process.stdout.write(JSON.stringify(out));
