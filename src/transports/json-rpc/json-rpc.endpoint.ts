import { Inject, Injectable, Logger } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { A2AError, httpStatusOf, internal, invalidRequest, printable } from '../../protocol/errors/index.js';
import { v03Codec } from '../../protocol/v0-3/index.js';
import { v10Codec } from '../../protocol/v1-0/index.js';
import { askedVersion } from '../http/asked-version.js';
import { challengeOf } from '../http/challenge.js';
import { clientSignal } from '../http/client-signal.js';
import { discardRest } from '../http/discard-rest.js';
import { activatedExtensions } from '../http/extensions.js';
import { sendJson } from '../http/http-reply.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { isJsonMediaType } from '../http/media-type.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import { BodyError, readRawBody } from '../http/raw-body.reader.js';
import { SseFramer } from '../http/sse.framer.js';
import { SseWriter } from '../http/sse.writer.js';
import { JsonRpcDispatcher, type RpcOutcome } from './json-rpc.dispatcher.js';
import { errorText, RESULT_SUFFIX, resultPrefix, resultText } from './rpc-answers.js';
import { shapeOf } from './rpc-version.js';
import { StreamEncoding } from './stream-encoding.js';

const ENCODINGS = { '1.0': new StreamEncoding(v10Codec), '0.3': new StreamEncoding(v03Codec) };

/**
 * JSON-RPC over HTTP. What JSON-RPC can say is answered with HTTP 200; the status tells only what went wrong below it: 401 and
 * 403 for which it has no codes, 404 no such agent, 413 too large, 415 not JSON. The body is a JSON-RPC error in each case.
 */
@Injectable()
export class JsonRpcEndpoint {
  readonly #logger = new Logger('A2A');

  constructor(
    private readonly dispatcher: JsonRpcDispatcher,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
  ) {}

  /** `agentId` undefined: the default agent. */
  async handle(agentId: string | undefined, request: PlatformRequest, response: PlatformResponse): Promise<void> {
    const req = rawRequest(request);
    const res = rawResponse(response);
    const agent = agentId === undefined ? this.agents.default : this.agents.get(agentId);
    if (agent === undefined) return this.#refuse(req, res, 404, noAgent(agentId));
    if (!isJsonMediaType(req.headers['content-type'])) return this.#refuse(req, res, 415, NOT_JSON);
    let body: Buffer;
    try {
      body = await readRawBody(req, this.options.bodyLimitBytes);
    } catch (error) {
      return this.#unread(req, res, error);
    }
    const url = req.url ?? '';
    const outcome = await this.dispatcher.dispatch({ agent, request, url, body, signal: () => clientSignal(res) });
    const headers = { ...outcome.headers, ...activatedExtensions(req.headers, agent.options.extensions) };
    await this.#answer(res, agent, outcome, headers);
  }

  async #answer(
    res: ServerResponse,
    agent: RegisteredAgent,
    outcome: RpcOutcome,
    headers: Record<string, string>,
  ): Promise<void> {
    const { id, version, result, stream } = outcome;
    if (result !== undefined) return sendJson(res, 200, resultText(id, result), headers);
    if (stream === undefined) {
      const { error } = outcome;
      if (!res.destroyed) this.#report(error, agent);
      if (error instanceof A2AError && error.retryAfter !== undefined)
        headers['retry-after'] = String(Math.ceil(error.retryAfter));
      const status = statusOf(error);
      if (status === 401 && !res.hasHeader('www-authenticate'))
        Object.assign(headers, challengeOf(agent.options.securitySchemes));
      return sendJson(res, status, errorText(id, error, version), headers);
    }
    const framer = new SseFramer(resultPrefix(id), RESULT_SUFFIX);
    const failures = new SseFramer();
    const encoding = ENCODINGS[version];
    const writer = new SseWriter(res, { keepAliveMs: this.options.keepAliveMs, headers });
    await writer.pump(
      stream,
      (batch) => framer.frame(batch.map((item) => encoding.frame(item))),
      (error) => {
        this.#report(error, agent);
        return failures.frame([{ body: Buffer.from(errorText(id, error, version)) }]);
      },
    );
  }

  #refuse(req: IncomingMessage, res: ServerResponse, status: number, error: A2AError): void {
    sendJson(res, status, errorText(null, error, shapeOf(askedVersion(req.headers, req.url ?? ''))));
    discardRest(req, this.options.bodyLimitBytes);
  }

  #unread(req: IncomingMessage, res: ServerResponse, error: unknown): void {
    if (!(error instanceof BodyError)) throw error;
    if (error.kind === 'GONE') return void res.destroy();
    if (error.kind === 'CONSUMED') this.#logger.error(error.message);
    this.#refuse(req, res, error.status, error.kind === 'CONSUMED' ? internal(error) : invalidRequest(error.message));
  }

  /** Errors of the protocol are the client's to know; the rest is ours. */
  #report(error: unknown, agent: RegisteredAgent): void {
    if (error instanceof A2AError && error.reason !== 'INTERNAL') return;
    const cause = error instanceof A2AError ? (error.cause ?? error) : error;
    this.#logger.error(
      `A call of agent ${agent.id} failed: ${String(cause)}`,
      cause instanceof Error ? cause.stack : undefined,
    );
  }
}

/** Clients look at the status to learn that they must log in. */
const statusOf = (error: unknown): number =>
  error instanceof A2AError && (error.reason === 'UNAUTHENTICATED' || error.reason === 'PERMISSION_DENIED')
    ? httpStatusOf(error)
    : 200;

const NOT_JSON = invalidRequest('The Content-Type must be application/json.');

const noAgent = (id: string | undefined): A2AError =>
  invalidRequest(
    id === undefined
      ? 'There is no default agent here. Use /agents/{id}.'
      : `There is no agent '${printable(id)}' here.`,
  );
