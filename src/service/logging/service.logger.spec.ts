import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ServiceLogger } from './service.logger.js';

describe('ServiceLogger', () => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  afterEach(() => {
    write.mockClear();
  });
  const written = (): string => write.mock.calls.map(([text]) => String(text)).join('');

  it("leaves Nest's wiring out and keeps the rest", () => {
    const logger = new ServiceLogger('log');
    logger.log('Mapped {/, GET} route', 'RouterExplorer');
    logger.log('Listening', 'Service');
    expect(written()).toContain('Listening');
    expect(written()).not.toContain('Mapped');
  });

  it('tells the wiring at debug', () => {
    new ServiceLogger('debug').log('Mapped {/, GET} route', 'RouterExplorer');
    expect(written()).toContain('Mapped');
  });

  it('leaves an error of the start to the start, which says it in one line', () => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const logger = new ServiceLogger('log');
    logger.error('Error: listen EADDRINUSE: address already in use 127.0.0.1:3000', 'NestApplication');
    logger.error('The table is missing', 'at stack', 'ExceptionHandler');
    logger.error('Something else', 'NestApplication');
    const said = write.mock.calls.map(([text]) => String(text)).join('');
    write.mockRestore();
    expect(said).toContain('Something else');
    expect(said).not.toMatch(/EADDRINUSE|table/);
  });

  it('is silent below its level', () => {
    new ServiceLogger('warn').log('Listening', 'Service');
    expect(written()).toBe('');
  });
});
