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

  it('is silent below its level', () => {
    new ServiceLogger('warn').log('Listening', 'Service');
    expect(written()).toBe('');
  });
});
