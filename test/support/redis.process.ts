import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';

const PROGRAM = process.env.A2A_TEST_REDIS_SERVER ?? 'redis-server';
const START_LIMIT_MS = 30_000;

/** Whether there is a redis-server to start; A2A_TEST_REDIS_SERVER may name one. */
export const hasRedisServer = (): boolean => spawnSync(PROGRAM, ['--version']).status === 0;

/** Says that tests were left out for want of a redis-server. */
export const withoutRedisServer = (what: string): void =>
  console.warn(`SKIPPED: ${what}. There is no redis-server here; install one, or name one with A2A_TEST_REDIS_SERVER.`);

/** A Redis of a test's own, on loopback, with its files in a directory that goes with it. */
export class RedisProcess {
  #child?: ChildProcess;

  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly settings: readonly string[],
  ) {}

  /** Unless told otherwise it syncs each write before it answers. */
  static async start(settings = ['--appendonly', 'yes', '--appendfsync', 'always']): Promise<RedisProcess> {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-redis-'));
    const server = new RedisProcess(await freePort(), directory, settings);
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again, with the files that it left. */
  async restart(): Promise<void> {
    const own = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.directory, '--save', ''];
    this.#child = spawn(PROGRAM, [...own, ...this.settings], { stdio: 'ignore' });
    for (const from = Date.now(); Date.now() - from < START_LIMIT_MS; await sleep(20)) {
      if (this.#child.exitCode !== null) throw new Error(`redis-server ended with ${this.#child.exitCode}.`);
      if (await this.#answers()) return;
    }
    throw new Error('redis-server does not answer.');
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** SIGSTOP and SIGCONT: it keeps its connections and says nothing. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    this.resume();
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Whether it has read its files and answers. */
  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write('PING\r\n'));
      socket.once('data', (data) => settle(/^(\+PONG|-NOAUTH)/.test(data.toString())));
      socket.once('error', () => settle(false));
      const settle = (answer: boolean): void => {
        socket.destroy();
        resolve(answer);
      };
    });
  }
}
