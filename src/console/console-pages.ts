import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { AdminAccess } from '../admin/access/admin.access.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../transports/http/platform.js';
import { ConsoleFiles } from './console-files.js';
import { COMMON_HEADERS, consolePage, pageHeaders, rootFrom } from './console-page.js';
import { CONSOLE_OPTIONS, type ConsoleSettings } from './console.options.js';

/** The pages of the console: they are the same for everybody and hold no data. */
@Injectable()
export class ConsolePages {
  constructor(
    private readonly files: ConsoleFiles,
    private readonly access: AdminAccess,
    @Inject(CONSOLE_OPTIONS) private readonly settings: ConsoleSettings,
  ) {}

  /** `name` of a file; '' is the page itself. */
  async answer(request: PlatformRequest, response: PlatformResponse, name: string): Promise<void> {
    const refusal = await this.#refusal(request);
    const raw = rawResponse(response);
    if (refusal !== undefined) return sendText(raw, 403, refusal);
    if (name === '') return this.#page(pathOf(request), raw);
    const file = this.files.get(name);
    if (file === undefined) return sendText(raw, 404, 'The console has no such file.');
    const accepts = /\bgzip\b/.test(String(rawRequest(request).headers['accept-encoding'] ?? ''));
    const body = accepts ? await this.files.gzipped(file) : file.body;
    const headers = {
      ...COMMON_HEADERS,
      'content-type': file.type,
      'content-length': body.length,
      'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'Accept-Encoding',
      ...(accepts && { 'content-encoding': 'gzip' }),
    };
    raw.writeHead(200, headers).end(body);
  }

  /** All addresses of the page are relative to it, so it must end with a slash. */
  #page({ pathname, search }: { pathname: string; search: string }, raw: ServerResponse): void {
    if (!pathname.endsWith('/')) {
      const last = pathname.slice(pathname.lastIndexOf('/') + 1);
      raw.writeHead(302, { ...COMMON_HEADERS, location: `${last}/${search}`, 'cache-control': 'no-store' }).end();
      return;
    }
    const nonce = randomBytes(16).toString('base64url');
    const { firstTask } = this.settings;
    const page = consolePage(this.files.page, { nonce, root: rootFrom(pathname), firstTask });
    raw.writeHead(200, { ...pageHeaders(nonce), 'content-length': Buffer.byteLength(page) }).end(page);
  }

  /** Where only this machine may use the console, others do not get the pages either. */
  async #refusal(request: PlatformRequest): Promise<string | undefined> {
    if (this.settings.admin.authorize !== 'loopback') return undefined;
    try {
      await this.access.admit(request);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : 'You may not use the console.';
    }
  }
}

/** As the server received it; middleware may have cut what the adapter shows. */
export function pathOf(request: PlatformRequest): { pathname: string; search: string } {
  const { originalUrl } = request as { originalUrl?: unknown };
  const url = typeof originalUrl === 'string' ? originalUrl : (rawRequest(request).url ?? '/');
  const at = url.indexOf('?');
  return at < 0 ? { pathname: url, search: '' } : { pathname: url.slice(0, at), search: url.slice(at) };
}

function sendText(response: ServerResponse, status: number, text: string): void {
  const headers = { ...COMMON_HEADERS, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
}
