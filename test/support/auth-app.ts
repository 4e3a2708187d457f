import { A2aAuthModule, type A2aAuthOptions, type CallContext } from '../../src/index.js';
import type { SecurityScheme } from '../../src/protocol/model/index.js';
import { agentOf } from './agent-of.js';
import { textMessage, V10 } from './rpc.client.js';
import { TestApp, type TestAppOptions } from './test-app.js';

export const BEARER: SecurityScheme = { httpAuthSecurityScheme: { scheme: 'Bearer' } };

/** An application with A2aAuthModule, whose agents record who called them. */
export class AuthApp {
  readonly callers: CallContext[] = [];
  #app?: TestApp;

  /** The provider class of such an agent. */
  recorder(options: Parameters<typeof agentOf>[1] = {}): ReturnType<typeof agentOf> {
    return agentOf(({ caller }) => void this.callers.push(caller), options);
  }

  async serve(auth: A2aAuthOptions | undefined, options: Partial<TestAppOptions> = {}): Promise<TestApp> {
    const imports = auth ? [A2aAuthModule.forRoot(auth)] : [];
    this.#app = await TestApp.start({ agents: [this.recorder()], imports, ...options });
    return this.#app;
  }

  get app(): TestApp {
    if (!this.#app) throw new Error('serve() was not called');
    return this.#app;
  }

  /** The HTTP status of a message. */
  async status(headers: Record<string, string>, agent = ''): Promise<number> {
    const response = await fetch(`${this.app.origin}/${agent}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...V10, ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message: textMessage('hi') } }),
    });
    await response.text();
    return response.status;
  }

  withToken(token: string): Promise<number> {
    return this.status({ authorization: `Bearer ${token}` });
  }

  async close(): Promise<void> {
    await this.#app?.close();
  }
}
