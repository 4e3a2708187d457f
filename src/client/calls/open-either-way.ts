import type { HttpAnswer } from '../http/http-answer.js';
import type { ClientTransport, TransportRequest } from '../transport/transport.interface.js';

export interface OpenedRequest {
  readonly made: TransportRequest;
  readonly answer: HttpAnswer;
}

/**
 * Sends a request, and its other form when the server has no such route. If the server does not know the other one either, its answer to
 * the first form counts: a task that does not exist is answered with 404, too.
 */
export async function openEitherWay(
  wire: ClientTransport,
  made: TransportRequest,
  open: (request: TransportRequest) => Promise<HttpAnswer>,
): Promise<OpenedRequest> {
  const answer = await open(made);
  const { otherwise } = made;
  if (otherwise === undefined || !isNoRoute(answer)) return { made, answer };
  const other = await open(otherwise);
  if (isNoRoute(other) && answer.status === 404) {
    other.close();
    return { made, answer };
  }
  answer.close();
  if (!isNoRoute(other)) wire.prefer?.(otherwise);
  return { made: otherwise, answer: other };
}

const isNoRoute = ({ status }: HttpAnswer): boolean => status === 404 || status === 405;
