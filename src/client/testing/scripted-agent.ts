import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RESUME_EXTENSION } from '../../agents/cards/resume.extension.js';
import type { AgentCard, AgentInterface } from '../../protocol/model/index.js';
import type { A2aClientOptions } from '../options/client.options.js';

/** A request as a test's agent sees it. */
export interface ScriptedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The JSON-RPC request. */
  readonly rpc: { readonly id: string; readonly method: string; readonly params: Record<string, unknown> };
}

/** What the agent does: it answers, or drops the connection. */
export type ScriptedReply =
  | 'cut'
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      /** What happens to the connection when the body is written. Default `end`. */
      readonly then?: 'end' | 'cut' | 'hang';
    };

export type Script = (call: ScriptedCall) => ScriptedReply | Promise<ScriptedReply>;

/** An HTTP server for tests that follows a script. It plays agents that behave differently from ours. */
export class ScriptedAgent {
  /** All calls but those for the card. */
  readonly calls: ScriptedCall[] = [];
  readonly cardCalls: ScriptedCall[] = [];
  card: object = {};
  onCard?: Script;
  readonly #server: Server;

  private constructor(private script: Script) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { method = '', url: path = '', headers } = request;
        const rpc = (text.startsWith('{') ? JSON.parse(text) : {}) as ScriptedCall['rpc'];
        void this.#answer({ method, path, headers, text, rpc }, response);
      });
    });
  }

  static async start(
    script: Script,
    card: Partial<AgentCard> & { interfaces?: Partial<AgentInterface>[] } = {},
  ): Promise<ScriptedAgent> {
    const agent = new ScriptedAgent(script);
    await new Promise<void>((resolve) => agent.#server.listen(0, '127.0.0.1', resolve));
    const { interfaces = [{}], ...fields } = card;
    agent.card = {
      name: 'scripted',
      description: 'Does what its script says',
      version: '1.0.0',
      capabilities: { streaming: true },
      supportedInterfaces: interfaces.map((each) => ({
        url: `${agent.url}/rpc`,
        protocolBinding: 'JSONRPC',
        protocolVersion: '1.0',
        ...each,
      })),
      defaultInputModes: [],
      defaultOutputModes: [],
      skills: [],
      ...fields,
    };
    return agent;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The requested methods, in order. */
  get methods(): string[] {
    return this.calls.map(({ rpc, method, path }) => rpc.method ?? `${method} ${path}`);
  }

  does(script: Script): void {
    this.script = script;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(call: ScriptedCall, response: ServerResponse): Promise<void> {
    const isCard = call.path.includes('/.well-known/');
    (isCard ? this.cardCalls : this.calls).push(call);
    const script = isCard ? (this.onCard ?? (() => json(this.card))) : this.script;
    const reply = await script(call);
    if (reply === 'cut') return void response.destroy();
    const { status = 200, headers = {}, body = '', then = 'end' } = reply;
    response.writeHead(status, headers);
    if (then === 'end') return void response.end(body);
    if (body === '') response.flushHeaders();
    response.write(body, () => then === 'cut' && response.destroy());
  }
}

/** The extension of servers that number events, for `capabilities.extensions`. */
export const NUMBERED = { streaming: true, extensions: [RESUME_EXTENSION] };

/** Allows loopback, and never waits. */
export const QUICK: A2aClientOptions = {
  allow: ['127.0.0.1'],
  limits: { minDelayMs: 1, maxDelayMs: 2 },
};

export const json = (value: unknown, headers: Record<string, string> = {}): ScriptedReply => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

export const result = (call: ScriptedCall, value: unknown): ScriptedReply =>
  json({ jsonrpc: '2.0', id: call.rpc.id, result: value });

export const failure = (call: ScriptedCall, code: number, message = 'no', data?: unknown): ScriptedReply =>
  json({ jsonrpc: '2.0', id: call.rpc.id, error: { code, message, data } });

export interface StreamOptions {
  /** Seq of the first event; the others follow. */
  readonly from?: number;
  readonly then?: 'end' | 'cut' | 'hang';
}

/** A stream of these results. */
export function stream(
  call: ScriptedCall,
  events: readonly unknown[],
  { from, then = 'end' }: StreamOptions = {},
): ScriptedReply {
  const frames = events.map((value, at) => {
    const id = from === undefined ? '' : `id: ${from + at}\n`;
    return `${id}data: ${JSON.stringify({ jsonrpc: '2.0', id: call.rpc.id, result: value })}\n\n`;
  });
  return { headers: { 'content-type': 'text/event-stream' }, body: frames.join(''), then };
}
