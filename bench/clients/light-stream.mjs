import assert from 'node:assert/strict';
import { post } from '../support/rpc.mjs';

/**
 * Reads a stream at the least cost: the ids are checked, 1, 2, 3 …, and the end, but not the content. Answers the number of events.
 */
export async function readLightly(url, body) {
  const response = await post(url, body);
  assert.equal(response.statusCode, 200);
  let rest = '';
  let events = 0;
  let last = '';
  response.setEncoding('latin1').on('data', (piece) => {
    const text = rest + piece;
    let from = 0;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n', from)) {
      if (text.startsWith('id: ', from)) {
        events++;
        if (!text.startsWith(`id: ${events}\n`, from)) throw new Error(`event ${events} is missing or repeated`);
        last = text.slice(from, end);
      }
      from = end + 2;
    }
    rest = text.slice(from);
  });
  await new Promise((resolve, reject) => response.on('end', resolve).on('error', reject));
  assert.match(last, /TASK_STATE_COMPLETED/);
  return events;
}
