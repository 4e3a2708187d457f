import { UnauthorizedException } from '@nestjs/common';
import { A2aAdminModule } from '../../src/admin/a2a-admin.module.js';
import type { AdminErrorBody } from '../../src/admin/admin-api.types.js';
import type { A2aAdminModuleOptions } from '../../src/admin/admin.options.js';
import type { Task } from '../../src/protocol/model/index.js';
import { agentOf, Gate } from './agent-of.js';
import { callersBy } from './callers-by.js';
import { RpcClient, textMessage, V10 } from './rpc.client.js';
import { SseStream } from './sse.client.js';
import { type AdapterName, TestApp, type TestAppOptions } from './test-app.js';
import { rejectWhenAborted } from './until-aborted.js';

export const OPERATOR = { authorization: 'Bearer operator' };

interface CallOptions {
  readonly method?: string;
  /** Default: those of an operator, who may change things. */
  readonly headers?: Record<string, string>;
}

interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** As an application would write it. */
function authorize({ headers }: { readonly headers: { readonly authorization?: string } }): boolean {
  if (headers.authorization === undefined) throw new UnauthorizedException('Sign in.');
  return headers.authorization === OPERATOR.authorization;
}

/** An application with the admin API below /admin, and with an agent of callers whom the header `x-owner` names. */
export class AdminApp {
  /** Opened, it ends the turns of tasks whose text is `wait`. */
  gate = new Gate();
  #app?: TestApp;

  constructor(private readonly adapter: AdapterName) {}

  async start(
    admin: Partial<A2aAdminModuleOptions> = {},
    options: Partial<TestAppOptions> = {},
    others: NonNullable<TestAppOptions['imports']> = [],
  ): Promise<void> {
    const agent = agentOf(async ({ userText, signal }, updater) => {
      await updater.startWork();
      if (userText === 'wait') await Promise.race([this.gate.opened, rejectWhenAborted({ signal })]);
      await updater.addArtifact(`an answer to ${userText}`);
      await updater.complete();
    });
    this.#app = await TestApp.start({
      adapter: this.adapter,
      path: '/a2a',
      agents: [agent, callersBy('x-owner')],
      imports: [A2aAdminModule.forRoot({ authorize, ...admin }), ...others],
      execution: { drainMs: 100 },
      ...options,
    });
  }

  get origin(): string {
    if (!this.#app) throw new Error('start() was not called');
    return this.#app.origin;
  }

  /** A part of A2aModule. */
  part<T>(token: symbol): T {
    if (!this.#app) throw new Error('start() was not called');
    return this.#app.app.get<T>(token, { strict: false });
  }

  close(): Promise<void> | undefined {
    return this.#app?.close();
  }

  async call<T = AdminErrorBody>(path: string, { method = 'GET', headers }: CallOptions = {}): Promise<Answer<T>> {
    const all = headers ?? (method === 'GET' ? OPERATOR : { ...OPERATOR, 'x-a2a-admin': '1' });
    const response = await fetch(`${this.origin}/admin/${path}`, { method, headers: all });
    const text = await response.text();
    const body = (text === '' ? undefined : JSON.parse(text)) as T;
    return { status: response.status, headers: response.headers, body };
  }

  /** Of an error: its status and its code. */
  async codeOf(path: string, options?: CallOptions): Promise<unknown> {
    const { status, body } = await this.call(path, options);
    return [status, body.error.code];
  }

  rpc(owner: string): RpcClient {
    return new RpcClient(`${this.origin}/a2a`, { ...V10, 'x-owner': owner });
  }

  async send(text: string, owner = 'alice', configuration: object = {}): Promise<Task> {
    const request = {
      message: textMessage(text),
      configuration: { returnImmediately: text === 'wait', ...configuration },
    };
    return (await this.rpc(owner).result<{ task: Task }>('SendMessage', request)).task;
  }

  open(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<SseStream> {
    return SseStream.open(method, `${this.origin}/admin/${path}`, undefined, { ...OPERATOR, ...headers });
  }
}
