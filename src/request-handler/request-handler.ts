import { methodOf, type OperationName } from '../protocol/operations.js';
import type { CallContext } from '../security/call-context.js';
import type { OperationHandler, OperationOptions, RequestHandler } from './request-handler.interface.js';

/** Admits the caller, then runs the operation's handler. */
export function requestHandler(
  handlers: Iterable<readonly [name: OperationName, handler: OperationHandler<OperationName>]>,
  admission: { admit(caller: CallContext): CallContext | Promise<CallContext> },
): RequestHandler {
  const methods = [...handlers].map(([name, handler]) => [
    methodOf(name),
    async (request: never, context: CallContext, options: OperationOptions = {}) => {
      const admitted = admission.admit(context);
      const caller = admitted instanceof Promise ? await admitted : admitted;
      options.observer?.admitted(caller);
      const result = await handler.execute(request, caller, options);
      options.observer?.accepted();
      return result;
    },
  ]);
  return Object.fromEntries(methods) as RequestHandler;
}
