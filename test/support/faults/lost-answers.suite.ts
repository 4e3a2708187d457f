import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { A2aStorage } from '../../../src/storage/a2a-storage.interface.js';
import type { AnswerLoss, LossAt } from './answer-loss.js';
import { figures, FULL, sized } from './figures.js';
import { ProductProbe } from './product.probe.js';
import { type Round, WholeProduct } from './whole-product.js';

const LIMIT_MS = 30 * 60_000;
/** `A2A_LOST_STATEMENT='set turn' npm test -- test/faults/lost-answers` loses only statements whose name has this in it. */
const ONLY = process.env.A2A_LOST_STATEMENT ?? '';
const LOSSES: readonly LossAt[] = sized(['behind'], ['before', 'behind']);

/** Rounds in which nothing is lost. */
const LEARNING = { least: 2, most: 10 };

/** A storage whose connections break. */
export interface LosingStorage {
  readonly loss: AnswerLoss;
  /** Called before all tests. */
  open(): Promise<() => A2aStorage>;
  close(): Promise<void>;
  /** What the scenario must be made of, each by the name of its statement: if one is not sent, it does not cover the product any more. */
  readonly essential: Readonly<Record<string, RegExp>>;
  /** Names that `npm test` loses; `npm run test:faults` loses all. Default: all. */
  readonly some?: RegExp;
}

/** Each statement of the product loses its answer once. */
export function lostAnswers(name: string, { loss, open, close, essential, some = /./ }: LosingStorage): void {
  describe(`the connection to ${name} breaks at one statement`, () => {
    let product: WholeProduct;
    let probe: ProductProbe;

    beforeAll(async () => {
      const storage = await open();
      probe = await ProductProbe.open(storage(), loss);
      loss.install();
      product = await WholeProduct.start(storage, probe);
    }, 120_000);
    afterAll(async () => {
      await product?.stop();
      loss.uninstall();
      await probe?.close();
      await close();
    }, 120_000);

    async function verify({ rows, handled, notified }: Round): Promise<void> {
      await probe.untilSettled();
      const artifacts: string[] = [];
      const webhooks: [string, boolean][] = [];
      for (const [id, expected] of rows) {
        const row = await probe.task(id);
        expect(row).toMatchObject(expected);
        artifacts.push(...(row ? await probe.artifacts(row) : []));
        webhooks.push(...(await probe.webhooks(id)));
      }
      const messages = [...handled.keys()];
      expect(artifacts.filter((id) => handled.has(id)).sort()).toEqual(messages.toSorted());
      expect(messages.map((id) => [id, product.given.get(id)])).toEqual([...handled]);
      expect(webhooks).toEqual([
        ['broken', true],
        ['gone', true],
        ['ok', false],
      ]);
      const told = product.receiver.at(notified).map(({ body }) => JSON.stringify(body));
      expect(told.some((body) => body.includes('TASK_STATE_COMPLETED'))).toBe(true);
      await probe.clear();
    }

    it(
      'whichever that is: each message is handled once, nothing is forgotten, counters and logs are right',
      async () => {
        const names = new Set<string>();
        const isMissing = ([, pattern]: [string, RegExp]) => ![...names].some((one) => pattern.test(one));
        let missing = Object.entries(essential);
        // What is sent when two things come together is not sent in each round.
        for (let n = 0; n < LEARNING.least || (missing.length > 0 && n < LEARNING.most); n++) {
          loss.takeSeen();
          await verify(await product.round(() => loss.takeSeen()));
          for (const one of loss.takeSeen()) names.add(one);
          missing = missing.filter(isMissing);
        }
        expect({ missing, names: missing.length > 0 && [...names] }).toEqual({ missing: [], names: false });

        let unmet = 0;
        const failures: unknown[] = [];
        const lost = [...names].filter((one) => one.includes(ONLY) && (FULL || some.test(one)));
        for (const one of lost) {
          for (const at of LOSSES) {
            try {
              const round = await product.round(() => loss.arm(one, at));
              if (loss.disarm()) unmet++;
              await verify(round);
            } catch (error) {
              loss.disarm();
              failures.push(`Lost ${at}: ${one}: ${String(error)}`);
              await probe.clear();
            }
          }
        }
        expect(failures).toEqual([]);
        figures(
          `${name}: ${lost.length} statements, each lost ${LOSSES.join(' and ')} its commit; ${unmet} crashes did not come about`,
        );
        expect(unmet).toBeLessThanOrEqual(lost.length * LOSSES.length * 0.3);
      },
      LIMIT_MS,
    );
  });
}
