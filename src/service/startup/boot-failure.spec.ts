import { describe, expect, it } from '@jest/globals';
import { PendingMigrationsError } from '../../tasks/sql/migrations/check-migrations.js';
import { bootFailure } from './boot-failure.js';

describe('bootFailure', () => {
  const at = { HOST: '127.0.0.1', PORT: 3000 };
  const listening = (code: string) => Object.assign(new Error(code), { code, syscall: 'listen' });

  it.each([
    ['EADDRINUSE', /Port 3000 of 127\.0\.0\.1 is taken\. .*PORT=3001/],
    ['EACCES', /from 1024 on/],
    ['EADDRNOTAVAIL', /HOST 127\.0\.0\.1 is no address of this machine/],
  ])('explains %s in one line', (code, text) => {
    const said = bootFailure(listening(code), at);
    expect(said).toMatch(text);
    expect(said).not.toContain('\n');
  });

  it('names the variables of the admin listener', () => {
    const admin = { HOST: '10.0.0.1', PORT: 9464, prefix: 'ADMIN_' };
    expect(bootFailure(listening('EADDRINUSE'), admin)).toMatch(
      /Port 9464 of 10\.0\.0\.1 is taken\. .* ADMIN_PORT=9465/,
    );
    expect(bootFailure(listening('EADDRNOTAVAIL'), admin)).toMatch(
      /^ADMIN_HOST 10\.0\.0\.1 is no address.*Set ADMIN_HOST to/,
    );
  });

  it('explains what a database refuses', () => {
    const error = Object.assign(new Error('database "a2a" does not exist'), { code: '3D000' });
    expect(bootFailure(error, at)).toMatch(/create it.*DATABASE_URL.*"a2a"/);
  });

  it('says how pending migrations are run', () => {
    expect(bootFailure(new PendingMigrationsError(['First1']), at)).toMatch(/First1.*npx nest-a2a migrations run/);
  });

  it('leaves an error that nobody expected to its stack', () => {
    expect(bootFailure(new Error('odd'), at)).toBeUndefined();
    expect(bootFailure('odd', at)).toBeUndefined();
  });
});
