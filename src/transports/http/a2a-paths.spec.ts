import { describe, expect, it } from '@jest/globals';
import { isA2aPath } from './a2a-paths.js';

describe('isA2aPath', () => {
  it.each([
    ['/', '', true],
    ['//', '', true],
    ['//?a=//', '', true],
    ['/a2a//', '/a2a', true],
    ['//x', '', false],
    ['/?A2A-Version=1.0', '', true],
    ['/agents/echo', '', true],
    ['/AGENTS/echo', '', true],
    ['/%61gents/echo', '', true],
    ['/message:send', '', true],
    ['/tasks/1:cancel', '', true],
    ['/v1/message:stream', '', true],
    ['/acme/message:send', '', true],
    ['/acme/tasks', '', true],
    ['/v1/card', '', true],
    ['/v1/users', '', false],
    ['/acme/v1/tasks', '', false],
    ['/acme/agents', '', false],
    ['/docs/tasks', '', false],
    ['/a:b/tasks', '', false],
    ['/../tasks', '', false],
    ['/%2e/tasks', '', false],
    ['//tasks', '', false],
    ['/health/live', '', false],
    ['/console/tasks/1', '', false],
    ['/users', '', false],
    ['/acme/users', '', false],
    ['/%zz', '', false],
    ['http://host:3000/agents/echo?x=1', '', true],
    ['HTTPS://host', '', true],
    ['http://host/users', '', false],
    ['http://host/a2a', '/a2a', true],
    ['/a2a', '/a2a', true],
    ['/a2a/', '/a2a', true],
    ['/a2a/agents/x', '/a2a', true],
    ['/a2ab', '/a2a', false],
    ['/a2a/mine', '/a2a', false],
    ['/agents/x', '/a2a', false],
    ['/Api/A2A/tasks', '/api/a2a', true],
  ])('%s below "%s" is ours: %s', (url, base, expected) => {
    expect(isA2aPath(url, base, { rest: true, tenantPaths: true })).toBe(expected);
  });

  it.each([
    ['/', true],
    ['/agents/x/tasks', true],
    ['/.well-known/agent-card.json', true],
    ['/tasks', false],
    ['/message:send', false],
    ['/v1/tasks', false],
    ['/acme/tasks', false],
  ])('%s without HTTP+JSON is ours: %s', (url, expected) => {
    expect(isA2aPath(url, '', { rest: false, tenantPaths: true })).toBe(expected);
  });

  it('leaves paths with a tenant to others when they are off', () => {
    expect(isA2aPath('/acme/tasks', '', { rest: true, tenantPaths: false })).toBe(false);
    expect(isA2aPath('/tasks', '', { rest: true, tenantPaths: false })).toBe(true);
  });
});
