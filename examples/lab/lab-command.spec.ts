import { describe, expect, it } from '@jest/globals';
import { parseLabCommand } from './lab-command.js';

describe('parseLabCommand', () => {
  it.each([
    ['echo  two  spaces\nand a line ', { name: 'echo', text: ' two  spaces\nand a line ' }],
    ['stream 3 64', { name: 'stream', chunks: 3, bytes: 64, delayMs: 0, waitMs: 0 }],
    [
      ' stream  1000000 1000000 60000\n',
      { name: 'stream', chunks: 1_000_000, bytes: 1_000_000, delayMs: 60_000, waitMs: 0 },
    ],
    ['stream 3 64 0 500', { name: 'stream', chunks: 3, bytes: 64, delayMs: 0, waitMs: 500 }],
    ['sleep 0', { name: 'sleep', ms: 0 }],
    ['block 20000', { name: 'block', ms: 20_000 }],
    ['die', { name: 'die', attempts: 1_000 }],
    ['die 2', { name: 'die', attempts: 2 }],
    ['transient 2', { name: 'transient', attempts: 2 }],
    ['ask', { name: 'ask' }],
    ['auth', { name: 'auth' }],
    ['fail', { name: 'fail' }],
    ['throw', { name: 'throw' }],
    ['hang', { name: 'hang' }],
    ['reject', { name: 'reject' }],
    ['big 100000000', { name: 'big', bytes: 100_000_000 }],
    ['loop', { name: 'loop' }],
    ['oom', { name: 'oom' }],
    ['late', { name: 'late' }],
  ])('reads %j', (text, command) => {
    expect(parseLabCommand(text)).toEqual(command);
  });

  it.each([
    '',
    'echo',
    'hello',
    'ask me',
    'transient',
    'transient 0',
    'transient 1 1',
    'stream',
    'stream 3',
    'stream 0 64',
    'stream 3 0',
    'stream 1000001 64',
    'stream 3 1000001',
    'stream 3 64 60001',
    'stream 3 64 1 60001',
    'stream 3 64 1 1 1',
    'stream 3 64 1 1 1 1',
    'stream -1 64',
    'stream 1e3 64',
    'stream 3.5 64',
    'sleep',
    'sleep 3600001',
    'sleep 1 2',
    'block',
    'block 3600001',
    'big',
    'big 0',
    'big 100000001',
    'big 1 1',
    'loop 1',
    'die 0',
    'die 1001',
    'die 1 1',
    'die soon',
    'constructor',
  ])('refuses %j', (text) => {
    expect(parseLabCommand(text)).toBeUndefined();
  });
});
