import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { logScopes } from '../../common/logging/log-context.options.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { ServiceLogger } from './service.logger.js';

describe('a log of JSON lines', () => {
  const out = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  afterEach(() => {
    out.mockClear();
    err.mockClear();
    Logger.overrideLogger(false);
  });
  const written = (stream: typeof out): Record<string, unknown>[] =>
    stream.mock.calls
      .map(([text]) => String(text))
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('has one object a line, with the context of the request', () => {
    Logger.overrideLogger(new ServiceLogger('log', 'json'));
    const log = new SafeLogger('Turn');
    logScopes(true).within({ request: { id: 'r1' }, taskId: 't1', owner: 'alice' }, () => log.warn('two\nlines'));
    log.log('No request');
    expect(written(out)).toEqual([
      {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        level: 'warn',
        pid: process.pid,
        context: 'Turn',
        message: 'two\nlines',
        requestId: 'r1',
        taskId: 't1',
        owner: 'alice',
      },
      { timestamp: expect.anything(), level: 'log', pid: process.pid, context: 'Turn', message: 'No request' },
    ]);
  });

  it('has the stack of an error in the same line, on the stream of errors', () => {
    Logger.overrideLogger(new ServiceLogger('log', 'json'));
    new SafeLogger('Turn').error('It failed', new Error('because'));
    new Logger('App').error(new Error('as the message'));
    const [own, theirs, ...more] = written(err);
    expect(own).toMatchObject({ level: 'error', message: 'It failed', stack: expect.stringMatching(/because\n +at /) });
    expect(theirs?.['message']).toMatch(/as the message/);
    expect(more).toEqual([]);
  });

  it('has the same levels as text', () => {
    const logger = new ServiceLogger('warn', 'json');
    logger.log('Listening', 'Service');
    logger.error('listen EADDRINUSE', 'NestApplication');
    expect([...written(out), ...written(err)]).toEqual([]);
  });
});
