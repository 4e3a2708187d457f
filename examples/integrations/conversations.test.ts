import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentRun } from 'nest-a2a/testing';
import { Conversations } from './conversations.js';

const of = (owner: string, contextId: string) =>
  agentRun({ contextId, caller: { owner, tenant: '', agent: 'a', protocolVersion: '1.0', requestedExtensions: [] } })
    .context;

test('a conversation belongs to an owner and a context', () => {
  const conversations = new Conversations<string[]>(() => []);
  conversations.of(of('alice', 'c')).push('hi');
  assert.deepEqual(conversations.of(of('alice', 'c')), ['hi']);
  assert.deepEqual(conversations.of(of('bob', 'c')), []);
  assert.deepEqual(conversations.of(of('alice', 'd')), []);
});

test('the oldest conversation is forgotten', () => {
  const conversations = new Conversations<string[]>(() => []);
  conversations.of(of('alice', 'first')).push('hi');
  for (let i = 0; i < 1000; i++) conversations.of(of('alice', `${i}`));
  assert.deepEqual(conversations.of(of('alice', 'first')), []);
});
