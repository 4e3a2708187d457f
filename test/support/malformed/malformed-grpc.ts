import { V03_SERVICE, V10_SERVICE } from '../../../src/transports/grpc/grpc.services.js';
import type { SeededRandom } from '../seeded-random.js';
import { mutateBytes, mutateJson, mutateText, pick } from './mutations.js';
import { type HttpSeed, JSON_RPC_SEEDS, REST_SEEDS } from './seeds.js';

export interface GrpcCallBytes {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const METADATA: Readonly<Record<string, readonly string[]>> = {
  'a2a-version': ['', '0.3', '1.0', '1.0.7', '99.0', 'x', '1.0, 0.3'],
  'a2a-extensions': ['urn:x', ',', 'x'.repeat(2000)],
  'x-a2a-agent': ['lab', 'nobody', '', '../', 'x'.repeat(600)],
  'last-event-id': ['0', '1', '-1', 'x', '99999999999999999999'],
  authorization: ['Bearer x', ''],
};

const paramsOf = ({ body }: HttpSeed): unknown => (body as { params?: unknown } | undefined)?.params ?? body ?? {};

/** What a call may hold: requests of all kinds and both versions, right or wrong for it. */
const REQUESTS: readonly unknown[] = [...JSON_RPC_SEEDS, ...REST_SEEDS].map(paramsOf);

const CALLS = [V10_SERVICE, V03_SERVICE].flatMap(({ name, methods }) =>
  Object.entries(methods).map(([call, { request }]) => ({
    path: `/${name}/${call}`,
    version: name.startsWith('lf.') ? '1.0' : '0.3',
    request,
    own: REQUESTS.filter((one) => encoded(request, one).length > 0),
  })),
);

function encoded(type: { encode(value: Record<string, unknown>): Buffer }, value: unknown): Buffer {
  try {
    return type.encode(value as Record<string, unknown>);
  } catch {
    // Not even the form of it can be written: then only bytes can be wrong.
    return Buffer.alloc(0);
  }
}

/** A call that was right once, with its fields, bytes, metadata or name changed. */
export function malformedCall(random: SeededRandom, hostile: readonly unknown[]): GrpcCallBytes {
  const call = pick(random, CALLS);
  let { path } = call;
  const metadata: Record<string, string> = { 'a2a-version': call.version, 'x-a2a-agent': 'lab' };
  let value = call.own.length > 0 ? pick(random, call.own) : {};
  let bytes: Buffer | undefined;
  for (let left = random.between(1, 3); left > 0; left--) {
    switch (random.between(0, 7)) {
      case 0: {
        const name = pick(random, Object.keys(METADATA));
        metadata[name] = pick(random, METADATA[name]!);
        break;
      }
      case 1:
        if (random.between(0, 9) === 0) path = mutateText(random, path).replace(/[^\x21-\x7e]/g, '');
        break;
      case 2:
      case 3:
      case 4:
        bytes = mutateBytes(random, bytes ?? encoded(call.request, value));
        break;
      default:
        value = mutateJson(random, value, hostile);
    }
  }
  return { path: path.startsWith('/') ? path : `/${path}`, metadata, body: bytes ?? encoded(call.request, value) };
}
