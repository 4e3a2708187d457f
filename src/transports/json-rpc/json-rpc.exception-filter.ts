import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { SafeLogger } from '../../common/safe-logger.js';
import { requestedVersion } from '../protocol-version.js';
import { sendJson } from '../http/http-reply.js';
import { fromHttpException } from '../http-exception.mapping.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import { errorText } from './envelope.js';
import { shapeOf } from '../protocol-version.js';

/** Answers what guards and interceptors throw with its HTTP status and a JSON-RPC error as body. Headers they set are sent. */
@Catch()
export class JsonRpcExceptionFilter implements ExceptionFilter {
  readonly #logger = new SafeLogger('A2A');

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = rawRequest(http.getRequest<PlatformRequest>());
    const { status, error } = fromHttpException(exception);
    if (error.reason === 'INTERNAL') this.#logger.error(exception);
    const version = shapeOf(requestedVersion(request.headers, request.url ?? ''));
    sendJson(rawResponse(http.getResponse<PlatformResponse>()), status, errorText(null, error, version));
  }
}
