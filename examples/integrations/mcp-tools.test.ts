import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { MockLanguageModelV3 } from 'ai/test';
import { type AgentHarness, createAgentHarness } from 'nest-a2a/testing';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { LANGUAGE_MODEL } from './ai-sdk.agent.js';
import { finished, type Part } from './ai-sdk.fake.js';
import { streamOf } from './chat.suite.js';
import { MCP_TRANSPORT, McpToolsAgent } from './mcp-tools.agent.js';

/** Calls the tool of its prompt, then says what it was told. */
const model = new MockLanguageModelV3({
  doStream: async ({ prompt, tools }) => {
    const last = prompt.at(-1);
    const asked = JSON.stringify(last?.content);
    const parts: Part[] =
      last?.role === 'tool'
        ? [
            { type: 'text-start', id: 't' },
            { type: 'text-delta', id: 't', delta: `The tool says ${/sum is \d+/.exec(asked)?.[0]}` },
            { type: 'text-end', id: 't' },
            finished('stop'),
          ]
        : [
            {
              type: 'tool-call',
              toolCallId: 'c',
              toolName: asked.includes('wait') ? 'wait' : (tools?.[0]?.name ?? ''),
              input: JSON.stringify({ a: 2, b: 3 }),
            },
            finished('tool-calls'),
          ];
    return { stream: streamOf(parts) };
  },
});

describe('mcp-tools', () => {
  const server = new McpServer({ name: 'sums', version: '1.0.0' });
  let aborted = false;
  let harness: AgentHarness;

  before(async () => {
    const inputSchema = { a: z.number(), b: z.number() };
    server.registerTool('add', { description: 'Adds.', inputSchema }, ({ a, b }) => ({
      content: [{ type: 'text', text: `The sum is ${a + b}` }],
    }));
    server.registerTool('wait', { description: 'Waits.', inputSchema }, async (_input, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      aborted = true;
      return { content: [] };
    });
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    await server.connect(theirs);
    harness = await createAgentHarness(McpToolsAgent, {
      providers: [
        { provide: LANGUAGE_MODEL, useValue: model },
        { provide: MCP_TRANSPORT, useValue: ours },
      ],
    });
  });
  after(async () => {
    await harness?.close();
    await server.close();
  });

  test('calls the tool that the model chose, tells of it, and streams the answer', async () => {
    const { events, text, state } = await harness.send('How much is 2 and 3?');
    assert.match(JSON.stringify(events), /Calling add/);
    assert.equal(text, 'The tool says sum is 5');
    assert.equal(state, 'TASK_STATE_COMPLETED');
  });

  test('stops the tool when the task is canceled', async () => {
    const call = harness.stream('wait');
    for await (const event of call) if (JSON.stringify(event).includes('Calling wait')) break;
    const task = await harness.cancel(call);
    assert.equal(task.status.state, 'TASK_STATE_CANCELED');
    assert.equal(aborted, true);
  });
});
