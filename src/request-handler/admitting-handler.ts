import type { CallContext } from '../security/call-context.js';
import type { RequestHandler } from './request-handler.interface.js';

type Operation = (request: never, context: CallContext, ...rest: never[]) => Promise<unknown>;

/**
 * The handler with each caller admitted first, whatever the operation: one that is added to the interface is covered as well, since
 * all take their caller as the second argument.
 */
export function admittingHandler(
  handler: RequestHandler,
  admission: { admit(caller: CallContext): Promise<CallContext> },
): RequestHandler {
  const operations = new Map<PropertyKey, Operation>();
  const admitted = (name: PropertyKey, operation: Operation): Operation => {
    const known = operations.get(name);
    if (known) return known;
    const made: Operation = async (request, context, ...rest) =>
      operation.call(handler, request, await admission.admit(context), ...rest);
    operations.set(name, made);
    return made;
  };
  return new Proxy(handler, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      // What every object has is no operation.
      return typeof member === 'function' && !(name in Object.prototype) ? admitted(name, member as Operation) : member;
    },
  });
}
