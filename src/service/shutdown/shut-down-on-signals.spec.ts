import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, type INestApplication, type OnApplicationShutdown } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventEmitter, once } from 'node:events';
import { DrainState } from './drain-state.js';
import { shutDown, shutDownOnSignals } from './shut-down-on-signals.js';

const happened: string[] = [];
const quiet = { log: () => undefined, error: () => undefined };
const requests = new EventEmitter();

@Injectable()
class Storage implements OnApplicationShutdown {
  onApplicationShutdown(signal?: string): void {
    happened.push(`hooks ${signal}`);
  }
}

@Controller()
class Endless {
  @Get('endless')
  endless(): Promise<never> {
    requests.emit('arrived');
    return new Promise(() => undefined);
  }
}

@Module({ providers: [Storage, DrainState], controllers: [Endless] })
class App {}

describe('shutDown', () => {
  let app: INestApplication;
  let drain: DrainState;

  beforeEach(async () => {
    happened.length = 0;
    app = await NestFactory.create(App, { logger: false });
    await app.listen(0, '127.0.0.1');
    drain = app.get(DrainState);
    drain.signal.addEventListener('abort', () => happened.push('drain'));
  });

  const step = (name: string) => async (): Promise<void> => {
    await Promise.resolve();
    happened.push(name);
  };

  it('goes from "not ready" over intake and hooks to what must end last', async () => {
    const options = { drain, first: [step('intake')], last: [step('database'), step('log')], log: quiet };
    expect(await shutDown(app, 'SIGTERM', options)).toBe(0);
    expect(happened).toEqual(['drain', 'intake', 'hooks SIGTERM', 'database', 'log']);
    expect(drain.draining).toBe(true);
  });

  it('ends the rest when a step fails, and tells by the exit code', async () => {
    const failing = (): never => {
      throw new Error('no');
    };
    const options = { drain, first: [failing], last: [failing, step('log')], log: quiet };
    expect(await shutDown(app, 'SIGTERM', options)).toBe(1);
    expect(happened).toEqual(['drain', 'hooks SIGTERM', 'log']);
  });

  it('serves as before until the delay is over, and keeps no connection', async () => {
    const url = await app.getUrl();
    const ask = async (): Promise<string | null> => (await fetch(`${url}/nothing`)).headers.get('connection');
    expect(await ask()).toBe('keep-alive');
    const seen: (string | null)[] = [];
    drain.signal.addEventListener('abort', () => void setImmediate(() => void ask().then((value) => seen.push(value))));
    const intake = async (): Promise<void> => {
      while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    expect(await shutDown(app, 'SIGTERM', { drain, drainDelayMs: 50, first: [intake], log: quiet })).toBe(0);
    expect(seen).toEqual(['close']);
  });

  it('cuts connections that outlast the grace', async () => {
    const arrived = once(requests, 'arrived');
    const request = fetch(`${await app.getUrl()}/endless`);
    request.catch(() => undefined);
    await arrived;
    expect(await shutDown(app, 'SIGTERM', { drain, graceMs: 50, log: quiet })).toBe(0);
    await expect(request).rejects.toThrow();
  });

  it('shuts down once, however many signals come', async () => {
    const exited = new Promise<number>((exit) => {
      // A signal of no other use: the runner of the tests has its own ideas about SIGINT.
      shutDownOnSignals(app, { drain, last: [step('last')], signals: ['SIGUSR2'], log: quiet, exit });
    });
    process.emit('SIGUSR2');
    process.emit('SIGUSR2');
    expect(await exited).toBe(0);
    expect(happened).toEqual(['drain', 'hooks SIGUSR2', 'last']);
    process.removeAllListeners('SIGUSR2');
  });

  it('exits when a step never ends', async () => {
    const exited = new Promise<number>((exit) => {
      const first = [() => new Promise(() => undefined)];
      shutDownOnSignals(app, { drain, first, limitMs: 20, signals: ['SIGUSR2'], log: quiet, exit });
    });
    process.emit('SIGUSR2');
    expect(await exited).toBe(1);
    process.removeAllListeners('SIGUSR2');
    await app.close();
  });
});
