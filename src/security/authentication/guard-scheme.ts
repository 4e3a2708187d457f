import type { SecurityScheme } from '../../protocol/model/index.js';
import type { Authenticator } from './authenticator.interface.js';

/**
 * A scheme that guards or middleware of the application enforce: they call `setA2aPrincipal`, for gRPC `grpc.authenticate` returns the
 * principal. Cards declare it, and calls without a principal are refused.
 *
 * @example A2aAuthModule.forRoot({ authenticators: [guardScheme('bearer', { httpAuthSecurityScheme: { scheme: 'Bearer' } })] })
 */
export const guardScheme = (name: string, scheme: SecurityScheme): Authenticator => ({
  name,
  scheme,
  authenticate: () => null,
});
