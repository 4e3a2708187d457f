import { describe, expect, it } from '@jest/globals';
import { handlerConfig } from '../handler-config.js';
import type { PushConfig } from '../push-config-store.interface.js';
import {
  type DecideWebhooks,
  type WebhookRow,
  disable,
  latestDisabled,
  put,
  remove,
  shownWebhooks,
  storeWebhook,
} from './webhook-rules.js';

const configOf = (id: string): PushConfig => ({ id, url: 'https://example.invalid/', wireVersion: '1.0' });
const active = (id: string, createdAt: number): WebhookRow => ({ id, createdAt });
const disabled = (id: string, createdAt: number, disabledAt: number): WebhookRow => ({ id, createdAt, disabledAt });

const HANDLER = handlerConfig('Mails.send').id;
const OFF_HANDLER = handlerConfig('Bills.write').id;
const NOW = 100;
const webhooks = [active('b', 20), active('a', 10), disabled('off', 30, 50), disabled('later', 40, 60)].concat(
  active(HANDLER, 5),
  disabled(OFF_HANDLER, 6, 90),
);
const stored = (id: string, createdAt = NOW) => ({ config: configOf(id), createdAt });

describe('the rules of webhooks', () => {
  it.each<[string, DecideWebhooks<unknown>, readonly WebhookRow[] | undefined, object]>([
    ['put', put(configOf('a'), 1), [], { patch: { deleted: [], stored: stored('a') }, result: 'stored' }],
    [
      'put: those of callers that are disabled go, except itself',
      put(configOf('off'), 3),
      webhooks,
      { patch: { deleted: ['later'], stored: stored('off') }, result: 'stored' },
    ],
    [
      'put: it comes behind the youngest',
      put(configOf('x'), 1),
      [active(HANDLER, NOW + 5)],
      { patch: { deleted: [], stored: stored('x', NOW + 6) }, result: 'stored' },
    ],
    ['put: the task is full', put(configOf('x'), 2), webhooks, { result: 'full' }],
    [
      'put: one may be replaced in a full task',
      put(configOf('a'), 2),
      webhooks,
      expect.objectContaining({ result: 'stored' }),
    ],
    ['put: there is no task', put(configOf('a'), 1), undefined, { result: 'missing' }],
    ['remove', remove('a'), webhooks, { patch: { deleted: ['a'] }, result: true }],
    ['remove one that is disabled', remove('off'), webhooks, { patch: { deleted: ['off'] }, result: true }],
    ['remove one that is not there', remove('x'), webhooks, { result: true }],
    ['remove a handler', remove(HANDLER), webhooks, { result: true }],
    ['remove: there is no task', remove('a'), undefined, { result: false }],
    ['disable', disable('a', 'why'), webhooks, { patch: { disabled: { id: 'a', reason: 'why' } } }],
    ['disable a handler', disable(HANDLER, 'why'), webhooks, { patch: { disabled: { id: HANDLER, reason: 'why' } } }],
    ['disable, told twice', disable('off', 'why'), webhooks, {}],
    ['disable one that is not there', disable('x', 'why'), webhooks, {}],
    ['disable: there is no task', disable('a', 'why'), undefined, {}],
  ])('%s', (_, decide, rows, decision) => {
    expect(decide(rows, NOW)).toEqual(decision);
  });

  it('shows the active ones of callers, oldest first', () => {
    expect(shownWebhooks(webhooks).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('finds the one that was disabled last, or one by its id', () => {
    expect(latestDisabled(webhooks)?.id).toBe('later');
    expect(latestDisabled(webhooks, 'off')?.id).toBe('off');
    for (const none of ['a', 'x', OFF_HANDLER]) expect(latestDisabled(webhooks, none)).toBeUndefined();
  });

  it('stores without asking for room', () => {
    expect(storeWebhook(webhooks, configOf('x'), NOW)).toEqual({ deleted: ['off', 'later'], stored: stored('x') });
  });
});
