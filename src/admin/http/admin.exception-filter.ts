import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { SafeLogger } from '../../common/safe-logger.js';
import { adminAnswer, isUnexpected } from './admin-errors.js';

/** Answers errors as `{ error: { code, message } }`. */
@Catch()
export class AdminExceptionFilter implements ExceptionFilter {
  readonly #log = new SafeLogger('Admin');

  constructor(private readonly adapter: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    if (isUnexpected(exception)) this.#log.error('A request of the admin API failed.', exception);
    const { httpAdapter } = this.adapter;
    const response: unknown = host.switchToHttp().getResponse();
    if (httpAdapter.isHeadersSent(response)) return void httpAdapter.end(response);
    const { status, body, headers } = adminAnswer(exception);
    for (const [name, value] of Object.entries(headers)) httpAdapter.setHeader(response, name, value);
    httpAdapter.reply(response, body, status);
  }
}
