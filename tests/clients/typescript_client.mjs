// The protocol's TypeScript SDK as a client: `typescript_client.mjs NODE_MODULES URL TOKEN`; prints what it was given.

import { createRequire } from "node:module";

const [modules, url, token] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
const { StreamableHTTPClientTransport } = require("@modelcontextprotocol/sdk/client/streamableHttp.js");
const types = require("@modelcontextprotocol/sdk/types.js");

const given = {};
const client = new Client(
  { name: "typescript", version: "1" },
  { capabilities: { sampling: {}, elicitation: { form: {} } } },
);
client.setRequestHandler(types.CreateMessageRequestSchema, async () => ({
  role: "assistant",
  model: "none",
  content: { type: "text", text: "forty-two" },
}));
client.setRequestHandler(types.ElicitRequestSchema, async () => ({ action: "accept", content: { name: "Ana" } }));

const transport = new StreamableHTTPClientTransport(new URL(url), {
  requestInit: { headers: { Authorization: `Bearer ${token}` } },
});
await client.connect(transport);
given.revision = transport.protocolVersion;
given.server = client.getServerVersion();
given.tools = [];
for (let cursor; ; ) {
  const page = await client.listTools(cursor ? { cursor } : {});
  given.tools.push(...page.tools.map((tool) => tool.name));
  if (!(cursor = page.nextCursor)) break;
}
const text = async (name, options) =>
  (await client.callTool({ name, arguments: { a: 1 } }, undefined, options)).content[0].text;
given.echo = await text("echo");
given.model = await text("ask_model");
given.person = await text("ask_person");
given.progress = [];
given.count = await text("count", { onprogress: (step) => given.progress.push(step.progress) });
const stop = new AbortController();
const waiting = text("wait", { signal: stop.signal });
setTimeout(() => stop.abort("enough"), 100);
given.cancelled = await waiting.then(() => false, () => true);
given.after = await text("echo");
await transport.terminateSession();
await client.close();
console.log(JSON.stringify(given));
