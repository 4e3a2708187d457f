import { describe, expect, it } from '@jest/globals';
import { OPERATIONS, type OperationDescription } from '../operations.js';
import { V03, V10 } from '../protobuf/index.js';
import { fieldsOf, type MessageClass, wireFieldsOf } from './field.decorator.js';
import { MESSAGES } from './messages.js';

const messages = Object.entries(MESSAGES) as [string, MessageClass][];
const operations = Object.entries(OPERATIONS) as [string, OperationDescription][];

describe('the messages', () => {
  it.each(messages)('%s has each name and each number once, from 1 on', (_name, message) => {
    const names = fieldsOf(message).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const numbers = wireFieldsOf(message)
      .map(({ number }) => number)
      .sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_number, index) => index + 1));
  });

  it('have the fields of what they extend first', () => {
    const names = (message: MessageClass): string[] => fieldsOf(message).map(({ name }) => name);
    expect(names(MESSAGES.StreamResponse)).toEqual(['task', 'message', 'statusUpdate', 'artifactUpdate']);
    expect(names(MESSAGES.SendMessageResponse)).toEqual(['task', 'message']);
  });

  it('keep what v0.3 clients gave off the wire of v1.0', () => {
    const authentication = { scheme: 'Bearer', credentials: 'c', schemes: ['Bearer', 'Basic'] };
    expect(V10.AuthenticationInfo.decode(V10.AuthenticationInfo.encode(authentication))).toEqual({
      scheme: 'Bearer',
      credentials: 'c',
    });
  });
});

describe('the operations', () => {
  it.each(operations)('%s has its messages in the protobuf of each version that has it', (_name, operation) => {
    const { request, response, v03 } = operation;
    expect([V10[request], V10[response]]).not.toContain(undefined);
    const older = V03 as Readonly<Record<string, unknown>>;
    if (v03.grpc !== undefined) expect([older[request], older[response]]).not.toContain(undefined);
  });

  it('have routes and names of their own', () => {
    const routes = operations.flatMap(([, { routes, v03 }]) => [...routes, ...v03.routes]);
    const keys = [
      ...routes.map(({ method, path }) => `${method} ${path}`),
      ...operations.flatMap(([name, { v03 }]) => (v03.rpc === undefined ? [name] : [name, v03.rpc])),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('take members of their requests from their paths', () => {
    for (const [, { request, routes, v03 }] of operations) {
      const names = fieldsOf(MESSAGES[request]).map(({ name }) => name);
      for (const { path } of [...routes, ...v03.routes])
        for (const [, name] of path.matchAll(/\{(\w+)\}/g)) expect(names).toContain(name);
    }
  });
});
