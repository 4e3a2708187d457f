import { Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { AnswerLoss } from './answer-loss.js';

interface Command {
  readonly name: string;
  readonly args: readonly unknown[];
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
}
type Send = (this: Redis, command: Command, ...rest: unknown[]) => unknown;
type Define = (this: Redis, name: string, definition: { lua: string }) => void;

/** What a connection says of itself, and the bus, which is lossy by contract. */
const NOT_OURS = /^(info|client|select|hello|auth|quit|subscribe|unsubscribe|publish)$/;

const methods = Redis.prototype as unknown as { sendCommand: Send; defineCommand: Define };

/** Loses connections to Redis. A script is named as the product names it. */
export class RedisLoss extends AnswerLoss {
  readonly #send = methods.sendCommand;
  readonly #define = methods.defineCommand;
  readonly #scripts = new Map<string, string>();

  install(): void {
    const [send, define, scripts] = [this.#send, this.#define, this.#scripts];
    const lose = (redis: Redis, command: Command): void => this.#lose(redis, command);
    methods.defineCommand = function (name, definition) {
      scripts.set(createHash('sha1').update(definition.lua).digest('hex'), name);
      define.call(this, name, definition);
    };
    methods.sendCommand = function (command, ...rest) {
      lose(this, command);
      return send.call(this, command, ...rest);
    };
  }

  uninstall(): void {
    methods.sendCommand = this.#send;
    methods.defineCommand = this.#define;
  }

  #lose(redis: Redis, command: Command): void {
    if (NOT_OURS.test(command.name) || this.isExempt) return;
    const at = this.meet(this.#nameOf(command));
    if (at === 'before') redis.stream.destroy();
    if (at !== 'behind') return;
    command.resolve = () => {
      redis.stream.destroy();
      command.reject(new Error('Connection is closed.'));
    };
  }

  /** One script writes all patches of a kind: its name is followed by what they set. */
  #nameOf({ name, args: [sha, ...values] }: Command): string {
    const script = this.#scripts.get(String(sha)) ?? name;
    if (script === 'a2aPatchDelivery' || script === 'a2aPatchConfigs')
      return [script, ...Object.keys(JSON.parse(String(values.at(-1))) as object)].join(' ');
    if (script !== 'a2aApplyPatch') return script;
    return [script, ...values.map(String).filter((value) => /^(-|[a-z]+)$/.test(value))].join(' ');
  }
}
