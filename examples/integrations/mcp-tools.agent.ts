import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Inject, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { dynamicTool, jsonSchema, type LanguageModel, stepCountIs, streamText, type ToolSet } from 'ai';
import { A2aAgent, type AgentEvents, type RequestContext } from 'nest-a2a';
import { LANGUAGE_MODEL } from './ai-sdk.agent.js';

export const MCP_TRANSPORT = Symbol('Transport of MCP');

/** Lets a model call the tools of an MCP server, and tells the client of each call. */
@A2aAgent({
  id: 'mcp-tools',
  description: 'Answers with the help of tools.',
  skills: [{ id: 'ask', name: 'Ask', description: 'Answers questions.', tags: ['tools'] }],
})
export class McpToolsAgent implements OnModuleInit, OnApplicationShutdown {
  readonly #mcp = new Client({ name: 'nest-a2a-example', version: '1.0.0' });
  #tools: ToolSet = {};

  constructor(
    @Inject(LANGUAGE_MODEL) private readonly model: LanguageModel,
    @Inject(MCP_TRANSPORT) private readonly transport: Transport,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.#mcp.connect(this.transport);
    const { tools } = await this.#mcp.listTools();
    this.#tools = Object.fromEntries(
      tools.map(({ name, description, inputSchema }) => [
        name,
        dynamicTool({
          description,
          inputSchema: jsonSchema(inputSchema),
          execute: (input, { abortSignal }) =>
            this.#mcp.callTool({ name, arguments: { ...(input as object) } }, undefined, { signal: abortSignal }),
        }),
      ]),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#mcp.close();
  }

  async *execute({ userText, signal }: RequestContext): AgentEvents {
    const options = { model: this.model, tools: this.#tools, stopWhen: stepCountIs(5), abortSignal: signal };
    for await (const part of streamText({ ...options, prompt: userText, onError: () => {} }).fullStream) {
      if (part.type === 'text-delta') yield part.text;
      if (part.type === 'tool-call') {
        const message = { parts: [{ text: `Calling ${part.toolName}` }] };
        yield { statusUpdate: { status: { state: 'TASK_STATE_WORKING', message } } };
      }
      if (part.type === 'error') throw part.error;
    }
  }
}
