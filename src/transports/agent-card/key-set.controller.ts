import { Controller, Get, Inject, Req, Res, type Type, VERSION_NEUTRAL } from '@nestjs/common';
import { CARD_SIGNER } from '../../agents/cards/signing/card-signer.factory.js';
import type { CardSigner } from '../../agents/cards/signing/card-signer.js';
import { WEBHOOK_SIGNER, type WebhookSigner } from '../../push-notifications/signing/webhook.signer.js';
import { A2aRoute } from '../http/a2a-route.decorator.js';
import { sendJson } from '../http/http-reply.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import { KEY_SET_PATH } from '../http/served-addresses.js';
import { cacheableDocument, sendCacheable } from './cacheable.js';

/** The public keys of the signatures of cards and webhooks (RFC 7517), below `path`; 404 if nothing is signed with such keys. */
export function createKeySetController(path: string): Type {
  @Controller({ path: path || '/', version: VERSION_NEUTRAL })
  @A2aRoute('agent-card')
  class A2aKeySetController {
    readonly #modified = new Date();

    constructor(
      @Inject(CARD_SIGNER) private readonly cards: CardSigner | null,
      @Inject(WEBHOOK_SIGNER) private readonly webhooks: WebhookSigner,
      @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
    ) {}

    @Get(KEY_SET_PATH)
    keySet(@Req() request: PlatformRequest, @Res() response: PlatformResponse): void {
      const { headers } = rawRequest(request);
      const res = rawResponse(response);
      const keys = [...(this.cards?.keySet.keys ?? []), ...(this.webhooks.keySet?.keys ?? [])];
      if (keys.length === 0) return sendJson(res, 404, NO_KEYS);
      const rules = { modified: this.#modified, maxAgeSeconds: this.options.cardMaxAgeSeconds };
      sendCacheable(headers, res, cacheableDocument({ keys }), rules);
    }
  }
  return A2aKeySetController;
}

const NO_KEYS = JSON.stringify({
  error: {
    code: 404,
    status: 'NOT_FOUND',
    message: 'This server signs neither agent cards nor webhooks with public keys.',
    details: [],
  },
});
