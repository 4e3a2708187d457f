import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { SafeLogger } from '../../common/safe-logger.js';
import { requestedVersion } from '../protocol-version.js';
import { fromHttpException } from '../http-exception.mapping.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import { type ProtocolVersion, shapeOf } from '../protocol-version.js';
import { errorText, sendAnswer } from './rest-answers.js';

/** Answers what guards and interceptors throw with its HTTP status and a protocol error as body. Headers they set are sent. */
@Catch()
export class RestExceptionFilter implements ExceptionFilter {
  readonly #logger = new SafeLogger('A2A');

  /** `version` is the version of the path. */
  constructor(private readonly version: ProtocolVersion) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { headers, url = '' } = rawRequest(http.getRequest<PlatformRequest>());
    const { status, error } = fromHttpException(exception);
    if (error.reason === 'INTERNAL') this.#logger.error(exception);
    const asked = requestedVersion(headers, url);
    const version = asked.asked === undefined ? this.version : shapeOf(asked);
    const response = rawResponse(http.getResponse<PlatformResponse>());
    sendAnswer(response, { version, accept: headers.accept }, status, errorText(error, version, status));
  }
}
