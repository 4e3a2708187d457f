import type { Metadata, ServerInterceptor } from '@grpc/grpc-js';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogScopes } from '../../common/logging/log-scopes.js';
import { REQUEST_ID_HEADER, type RequestRef, requestRef } from '../../common/logging/request-ref.js';
import type { Grpc } from './load-grpc.js';
import { headersOf } from './server-call.js';

/**
 * Gives each call a request id, sends it as initial metadata, or as trailers if there is only a status, and lets the logs of all that the
 * call causes name it. To stand before the interceptors whose logs are to have it.
 */
export const requestScopeInterceptor =
  (grpc: Grpc, scopes: LogScopes): ServerInterceptor =>
  (_method, call) => {
    let request: RequestRef | undefined;
    let told = false;
    const tell = (metadata: Metadata): Metadata => {
      if (request !== undefined && !told) metadata.set(REQUEST_ID_HEADER, request.id);
      told = true;
      return metadata;
    };
    // The message arrives in an asynchronous context of its own.
    let within = (work: () => void): void => work();
    return new grpc.ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            request = requestRef(headersOf(metadata), undefined);
            scopes.within({ request }, () => {
              within = AsyncLocalStorage.snapshot();
              pass(metadata);
            });
          },
          onReceiveMessage: (message: unknown, pass) => within(() => pass(message)),
          onReceiveHalfClose: (pass) => within(pass),
        }),
      sendMetadata: (metadata, next) => next(tell(metadata)),
      sendStatus: (status, next) =>
        next(told ? status : { ...status, metadata: tell(status.metadata ?? new grpc.Metadata()) }),
    });
  };
