import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdminAccess } from '../../admin/access/admin.access.js';
import type { AdminAudit } from '../../admin/access/admin-audit.js';
import { ADMIN_HEADERS, REFUSED } from '../../admin/access/admin.guard.js';
import { adminAnswer, isUnexpected } from '../../admin/http/admin-errors.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { sendJson } from '../../transports/http/http-reply.js';
import type { PlatformRequest } from '../../transports/http/platform.js';

const log = new SafeLogger('Admin');

/** A middleware that admits operators alone, to whatever the application serves: pages of documentation are no routes of Nest. */
export const operatorsOnly =
  (access: AdminAccess, audit: AdminAudit) =>
  (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    for (const [name, value] of Object.entries(ADMIN_HEADERS)) response.setHeader(name, value);
    const sent = request as unknown as PlatformRequest;
    access.admit(sent).then(next, (error: unknown) => {
      audit.failed(sent, REFUSED, error);
      if (isUnexpected(error)) log.error('The right to use the admin API could not be checked.', error);
      const { status, body, headers } = adminAnswer(error);
      sendJson(response, status, JSON.stringify(body), headers);
    });
  };
