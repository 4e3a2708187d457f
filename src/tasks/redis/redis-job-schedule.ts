import type { JobSchedule } from '../job-schedule.interface.js';
import type { RedisConnection } from './redis-connection.js';
import { CLAIM_JOB } from './scripts/removal.scripts.js';

export class RedisJobSchedule implements JobSchedule {
  constructor(private readonly connection: RedisConnection) {}

  async claim(name: string, everyMs: number): Promise<boolean> {
    return (await this.connection.run<number>(CLAIM_JOB, name, Math.max(1, Math.ceil(everyMs)))) === 1;
  }
}
