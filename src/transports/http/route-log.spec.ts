import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type LoggerService } from '@nestjs/common';
import { ADAPTERS, startTransportApp, type TransportApp } from '../../../test/support/transport-app.js';

@Controller('tasks/of/mine')
class RestController {
  @Get()
  get(): void {}
}

describe.each(ADAPTERS)('the log of a start on %s', (adapter) => {
  let running: TransportApp | undefined;
  afterEach(() => running?.app.close());

  it("has each route of the application, and one line for all of A2A's", async () => {
    const lines: string[] = [];
    const write = (message: unknown, context: unknown) => void lines.push(`${String(context)}: ${String(message)}`);
    const logger = { log: write, warn: write, error: write } as LoggerService;
    running = await startTransportApp(adapter, {
      handler: {},
      metadata: { controllers: [RestController] },
      appOptions: { logger },
    });
    expect(lines.filter((line) => /^(RouterExplorer|RoutesResolver)/.test(line))).toEqual([
      'RoutesResolver: RestController {/tasks/of/mine}:',
      'RouterExplorer: Mapped {/tasks/of/mine, GET} route',
    ]);
    expect(lines.filter((line) => line.includes('routes of A2A'))).toEqual([
      expect.stringMatching(/^A2aModule: Mapped \d+ routes of A2A below \/$/),
    ]);
  });
});
