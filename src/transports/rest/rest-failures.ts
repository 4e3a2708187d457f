import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { httpStatusOf } from '../../protocol/errors/index.js';
import { drainRequest } from '../http/drain-request.js';
import { failureHeaders, reportFailure } from '../http/failures.js';
import type { Refusal } from '../http/http-request.reader.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import type { ObservedCall } from '../observed-call.js';
import { type AnswerForm, errorText, sendAnswer } from './rest-answers.js';

/** One request, and the form of its answer. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly form: AnswerForm;
  readonly observed: ObservedCall;
}

/** The error answers of HTTP+JSON. */
@Injectable()
export class RestFailures {
  readonly #logger = new SafeLogger('A2A');

  constructor(@Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions) {}

  /** Answers what a call of the agent threw. */
  fail(
    { req, res, form, observed }: Exchange,
    error: unknown,
    agent: RegisteredAgent,
    headers: Record<string, string>,
  ): void {
    observed.failed(error);
    if (!res.destroyed) this.report(error, agent);
    const status = httpStatusOf(error);
    const more = failureHeaders(error, res, agent);
    sendAnswer(res, form, status, errorText(error, form.version), { ...headers, ...more });
    drainRequest(req, this.options.bodyLimitBytes);
  }

  refuse(
    { req, res, form, observed }: Exchange,
    { status, error }: Refusal,
    headers: Record<string, string> = {},
  ): void {
    observed.failed(error);
    const more = failureHeaders(error, res);
    sendAnswer(res, form, status, errorText(error, form.version, status), { ...headers, ...more });
    drainRequest(req, this.options.bodyLimitBytes);
  }

  report(error: unknown, agent: RegisteredAgent): void {
    reportFailure(this.#logger, error, agent);
  }
}
