import { Controller, Get, Inject, Req, Res, type Type, VERSION_NEUTRAL } from '@nestjs/common';
import { CARD_SIGNER } from '../../agents/cards/signing/card-signer.factory.js';
import type { CardSigner } from '../../agents/cards/signing/card-signer.js';
import { A2aRoute } from '../http/a2a-route.decorator.js';
import { sendJson } from '../http/http-reply.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import { KEY_SET_PATH } from '../http/served-addresses.js';
import { cacheableDocument, sendCacheable } from './cacheable.js';

/** The public keys of cards' signatures (RFC 7517), below `path`; 404 while cards are not signed. */
export function createKeySetController(path: string): Type {
  @Controller({ path: path || '/', version: VERSION_NEUTRAL })
  @A2aRoute('agent-card')
  class KeySetController {
    readonly #modified = new Date();

    constructor(
      @Inject(CARD_SIGNER) private readonly signer: CardSigner | null,
      @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
    ) {}

    @Get(KEY_SET_PATH)
    keySet(@Req() request: PlatformRequest, @Res() response: PlatformResponse): void {
      const { headers } = rawRequest(request);
      const res = rawResponse(response);
      if (!this.signer) return sendJson(res, 404, NO_KEYS);
      const rules = { modified: this.#modified, maxAgeSeconds: this.options.cardMaxAgeSeconds };
      sendCacheable(headers, res, cacheableDocument(this.signer.keySet), rules);
    }
  }
  return KeySetController;
}

const NO_KEYS = JSON.stringify({
  error: { code: 404, status: 'NOT_FOUND', message: 'The agent cards of this server are not signed.', details: [] },
});
