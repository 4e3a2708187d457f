import { describe, expect, it } from '@jest/globals';
import { newId } from '../../protocol/ids.js';
import { HOUR, pause } from './fixtures.js';
import { type OpenFunction, openForSuite, withPeer } from './open-suite.js';

/** What every JobSchedule must do. */
export function jobScheduleContract(name: string, open: OpenFunction): void {
  describe(`JobSchedule (${name})`, () => {
    const subject = openForSuite(open);

    it('gives a job to one of those who ask, once in its time', async () => {
      const job = newId();
      await withPeer(subject(), async (peer) => {
        const asked = await Promise.all(
          Array.from({ length: 20 }, (_, n) => (n % 2 ? peer : subject()).jobs.claim(job, HOUR)),
        );
        expect(asked.filter((mine) => mine)).toHaveLength(1);
        expect(await peer.jobs.claim(job, HOUR)).toBe(false);
      });
    });

    it('gives it again when its time is over, to one again', async () => {
      const job = newId();
      expect(await subject().jobs.claim(job, 20)).toBe(true);
      await pause(40);
      const asked = await Promise.all(Array.from({ length: 10 }, () => subject().jobs.claim(job, HOUR)));
      expect(asked.filter((mine) => mine)).toHaveLength(1);
    });

    it('keeps jobs apart', async () => {
      const [job, other] = [newId(), newId()];
      expect(await subject().jobs.claim(job, HOUR)).toBe(true);
      expect(await subject().jobs.claim(other, HOUR)).toBe(true);
      expect(await subject().jobs.claim(job, HOUR)).toBe(false);
    });
  });
}
