import { isFilled, isHost } from './values.js';
import { ConsoleEnvironment } from './console.environment.js';
import { Flag, Text, WholeNumber } from './variable.decorators.js';

/** The variables of the admin listener. */
export class AdminEnvironment extends ConsoleEnvironment {
  /** Not set: there is no admin listener. */
  @WholeNumber([0, 65_535], '', 9_464)
  ADMIN_PORT?: number;

  @Text({ rule: 'an IP address or a host name', accepts: isHost, example: '127.0.0.1' })
  ADMIN_HOST = '127.0.0.1';

  @Text({ rule: 'the path of a file', accepts: isFilled, example: '/run/secrets/a2a-admin-token' })
  A2A_ADMIN_TOKEN_FILE?: string;

  @Text({ rule: 'the name of a role', accepts: isFilled, example: 'a2a-operator' })
  A2A_ADMIN_ROLE?: string;

  @Flag()
  A2A_ADMIN_READ_ONLY = false;
}
