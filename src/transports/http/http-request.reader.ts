import { Inject, Injectable, Optional } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SafeLogger } from '../../common/safe-logger.js';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { A2AError, httpStatusOf, internal, invalidRequest, printable } from '../../protocol/errors/index.js';
import { A2A_AUTHENTICATION, type Authentication } from '../../security/authentication/authentication.js';
import { a2aPrincipalOf } from '../../security/principal.js';
import { BrowserRules } from './browsers/browser.rules.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from './http-transport.options.js';
import { isJsonMediaType } from './json-body.js';
import { ClientCall } from './client-call.js';
import { ClientLimits } from '../../common/client-limits.js';
import { httpCall } from './http-call.js';
import { type PlatformRequest, rawRequest } from './platform.js';
import { BodyError, readRawBody } from './raw-body.reader.js';

/** An error in the HTTP part of a request. */
export interface Refusal {
  readonly status: number;
  readonly error: A2AError;
}

/** 'gone': the client has left. */
export type BegunCall = ClientCall | Refusal | 'gone';

const orGone = (call: ClientCall | undefined): ClientCall | 'gone' => call ?? 'gone';

/** Reads what all bindings read alike: the agent and the body of a request. */
@Injectable()
export class HttpRequestReader {
  readonly #logger = new SafeLogger('A2A');

  constructor(
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
    private readonly limits: ClientLimits,
    private readonly browsers: BrowserRules,
    @Optional() @Inject(A2A_AUTHENTICATION) private readonly authentication?: Authentication,
  ) {}

  /** The agent that a request may call. `id` undefined: the default agent. */
  agent(id: string | undefined, request: IncomingMessage, response: ServerResponse): RegisteredAgent | Refusal {
    const problem = this.browsers.problem(request, response);
    if (problem !== undefined) return { status: httpStatusOf(problem), error: problem };
    return (id === undefined ? this.agents.default : this.agents.get(id)) ?? { status: 404, error: noAgent(id) };
  }

  /**
   * Identifies the caller, before the body is read, and tells the request. 'gone': the client left meanwhile. Returns nothing where the
   * module authenticates nobody. Rejects with what an authenticator throws, unless it is an error of the protocol.
   */
  identify(
    request: PlatformRequest,
    response: ServerResponse,
    agent: RegisteredAgent,
  ): Promise<Refusal | 'gone' | undefined> | undefined {
    return this.authentication && this.#identify(this.authentication, request, response, agent);
  }

  async #identify(
    authentication: Authentication,
    request: PlatformRequest,
    response: ServerResponse,
    agent: RegisteredAgent,
  ): Promise<Refusal | 'gone' | undefined> {
    try {
      const call = httpCall(rawRequest(request), agent.id);
      const principal = await authentication.identify(call, agent.options, a2aPrincipalOf(request));
      request.a2a = principal;
    } catch (error) {
      return refusalOf(error);
    }
    return response.closed ? 'gone' : undefined;
  }

  /** Counts the call from now to the end of its response; at once unless the storage must be asked. */
  begin(request: PlatformRequest, response: ServerResponse): BegunCall | Promise<BegunCall> {
    try {
      const call = ClientCall.begin(this.limits, request, response);
      return call instanceof Promise ? call.then(orGone, refusalOf) : orGone(call);
    } catch (error) {
      return refusalOf(error);
    }
  }

  /** The body of a request, which must be JSON; undefined if the client aborted it, so there is no one to respond to. */
  async jsonBody(request: IncomingMessage, notJson: A2AError, call: ClientCall): Promise<Buffer | Refusal | undefined> {
    if (!isJsonMediaType(request.headers['content-type'])) return { status: httpStatusOf(notJson), error: notJson };
    try {
      return await readRawBody(request, this.options.bodyLimitBytes, call);
    } catch (error) {
      if (!(error instanceof BodyError)) return refusalOf(error);
      if (error.kind === 'GONE') return undefined;
      if (error.kind !== 'CONSUMED') return { status: error.status, error: invalidRequest(error.message) };
      this.#logger.error(error.message);
      return { status: error.status, error: internal(error) };
    }
  }
}

/** @throws anything that is not an error of the protocol */
function refusalOf(error: unknown): Refusal {
  if (error instanceof A2AError) return { status: httpStatusOf(error), error };
  throw error;
}

const noAgent = (id: string | undefined): A2AError =>
  invalidRequest(
    id === undefined
      ? 'There is no default agent here. Use /agents/{id}.'
      : `There is no agent '${printable(id)}' here.`,
  );
