import { invalidParams } from '../protocol/errors/index.js';
import { newId } from '../protocol/ids.js';
import type { AuthenticationInfo, TaskPushNotificationConfig } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { OutboundError, type OutboundGuard } from '../security/outbound/index.js';
import { HANDLER_PREFIX, isHandlerId } from '../tasks/handler-config.js';
import type { PushConfig } from '../tasks/push-config-store.interface.js';
import { isWebhookSecret, WEBHOOK_SECRET_RULE, webhookSecretKey } from './signing/webhook-secret.js';

/** The name of an HTTP authentication scheme. RFC 9110, 11.1. */
const SCHEME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** The characters of a header's value. */
const HEADER_TEXT = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
const WHITESPACE = /[\s\p{Cc}]/u;

/** Builds the stored config from what a client requested. */
export class PushConfigMaker {
  constructor(private readonly guard: OutboundGuard) {}

  /**
   * Without an id it gets a new one; from a v0.3 client the id of its task, which is what such a client means if it names none.
   * `within`: path of the config in the request, for errors.
   * @throws A2AError INVALID_PARAMS for a URL that may not be called, for what cannot be sent in a header, and for an id of a handler.
   */
  make(
    { id, url, token, authentication }: TaskPushNotificationConfig,
    taskId: string,
    { protocolVersion }: CallContext,
    within = '',
  ): PushConfig {
    if (isHandlerId(id ?? '')) throw refusal(`${within}id`, `must not begin with ${HANDLER_PREFIX}`);
    this.#checkUrl(url, `${within}url`);
    if (token !== undefined) checkToken(token, `${within}token`);
    if (authentication) checkAuthentication(authentication, `${within}authentication`);
    return {
      id: id || (protocolVersion === '0.3' ? taskId : newId()),
      url,
      ...(token !== undefined && { token }),
      ...(authentication && { authentication }),
      wireVersion: protocolVersion,
    };
  }

  #checkUrl(url: string, field: string): void {
    if (WHITESPACE.test(url)) throw refusal(field, 'must not contain spaces or control characters');
    try {
      this.guard.checkUrl(url);
    } catch (error) {
      if (error instanceof OutboundError) throw refusal(field, `cannot be called: ${error.message}`);
      throw error;
    }
  }
}

function checkAuthentication({ scheme, credentials }: AuthenticationInfo, field: string): void {
  if (!SCHEME.test(scheme)) throw refusal(`${field}.scheme`, 'must be the name of an HTTP authentication scheme');
  if (credentials !== undefined) checkHeader(credentials, `${field}.credentials`);
}

function checkToken(token: string, field: string): void {
  checkHeader(token, field);
  if (isWebhookSecret(token) && !webhookSecretKey(token)) throw refusal(field, `must be ${WEBHOOK_SECRET_RULE}`);
}

/** The value is a secret, so it is not shown. */
function checkHeader(text: string, field: string): void {
  if (!HEADER_TEXT.test(text)) throw refusal(field, 'must contain only characters that are allowed in an HTTP header');
}

const refusal = (field: string, description: string): Error => invalidParams([{ field, description }]);
