import https from 'node:https';
import { CA, OTHER_CA } from './tls/index.js';

export interface HttpsAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface HttpsCall {
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent by POST as JSON. */
  readonly body?: object;
  /** Of the client. */
  readonly certificate?: Pair;
  /** Whom the client trusts. Default: both authorities of the tests. */
  readonly ca?: Buffer | Buffer[];
}

/** A call on a connection of its own. Resolves when the whole answer is there. */
export function httpsCall(
  url: string,
  { headers = {}, body, certificate, ca = [CA, OTHER_CA] }: HttpsCall = {},
): Promise<HttpsAnswer> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      url,
      {
        method: body ? 'POST' : 'GET',
        agent: false,
        headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
        ca,
        ...certificate,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: received } = response;
          resolve({ status, headers: received, text: Buffer.concat(chunks).toString() });
        });
      },
    );
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}
