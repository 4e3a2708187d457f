import { afterEach, describe, expect, it } from '@jest/globals';
import { LabAgent } from '../examples/lab/lab.agent.js';
import { connect } from '../src/client/index.js';
import { ADAPTERS, TestApp } from './support/test-app.js';

const CHUNKS = 40;
const PACE_MS = 50;

const CASES = (['1.0', '0.3'] as const).flatMap((version) =>
  (['JSONRPC', 'HTTP+JSON'] as const).map((binding, index) => ({ version, binding, adapter: ADAPTERS[index]! })),
);

describe('streams that end at their greatest age', () => {
  let app: TestApp;
  afterEach(() => app.close());

  it.each(CASES)('are resumed by our client, with each event once ($binding, $version)', async (setup) => {
    const { version, binding, adapter } = setup;
    app = await TestApp.start({ agents: [LabAgent], adapter, limits: { maxStreamAgeMs: 300 } });
    let requests = 0;
    const client = await connect(`${app.origin}/agents/lab`, {
      allow: ['127.0.0.1'],
      preference: [{ binding, version }],
      limits: { minDelayMs: 0, maxDelayMs: 5 },
      headers: () => {
        requests++;
        return {};
      },
    });
    const seqs: (number | undefined)[] = [];
    const stream = client.sendStreamingMessage(`stream ${CHUNKS} 16 ${PACE_MS}`);
    for await (const _event of stream) seqs.push(stream.lastSeq);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
    expect(seqs.length).toBeGreaterThan(CHUNKS);
    // It took two seconds and more, in pieces of 300 ms.
    expect(requests).toBeGreaterThan(2);
  });
});
