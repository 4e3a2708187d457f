import { isLoopbackHost } from '../../common/loopback.js';
import { Flag } from './variable.decorators.js';

/** The variable of the console. */
export class ConsoleEnvironment {
  /** Not set: true on loopback, else false. */
  @Flag()
  A2A_CONSOLE?: boolean;
}

/** Who may use the console of the service: nobody, browsers on this machine, or operators, who send a token. */
export type ConsoleUsers = 'nobody' | 'this machine' | 'operators';

export function consoleUsers({ A2A_CONSOLE, HOST }: ConsoleEnvironment & { readonly HOST: string }): ConsoleUsers {
  const isLocal = isLoopbackHost(HOST);
  if (!(A2A_CONSOLE ?? isLocal)) return 'nobody';
  return isLocal ? 'this machine' : 'operators';
}
