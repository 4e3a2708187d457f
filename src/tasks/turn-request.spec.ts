import { describe, expect, it } from '@jest/globals';
import { caller, userMessage } from '../testing/contracts/fixtures.js';
import { pendingEvent } from './pending-event.js';
import { startedTurn, firstRequest, turnRequest } from './turn-request.js';

describe('what is kept of a request', () => {
  it('is nothing for a first message that says nothing beside itself', () => {
    expect(firstRequest({ call: caller() })).toBeUndefined();
    expect(firstRequest({ configuration: {}, call: caller({ protocolVersion: '1.0' }) })).toBeUndefined();
  });

  it('is what the agent is told, and nothing else of the caller', () => {
    const metadata = { deep: [1, { a: null }] };
    const configuration = { historyLength: 0, acceptedOutputModes: ['text/plain'] };
    const call = { protocolVersion: '0.3' as const, requestedExtensions: ['urn:x'] };
    expect(firstRequest({ metadata, configuration, call: caller(call) })).toEqual({
      turn: 1,
      metadata,
      configuration,
      call,
    });
    expect(firstRequest({ metadata, call: caller() })).toEqual({ turn: 1, metadata });
    expect(turnRequest(3, { call })).toEqual({ turn: 3, call });
  });

  it('leaves out the webhook, whose secrets are kept with its config', () => {
    const taskPushNotificationConfig = { url: 'https://example.com/hook', token: 'secret' };
    const kept = turnRequest(2, { configuration: { taskPushNotificationConfig, returnImmediately: true } });
    expect(kept).toEqual({ turn: 2, configuration: { returnImmediately: true } });
    expect(firstRequest({ configuration: { taskPushNotificationConfig } })).toBeUndefined();
  });

  it('counts as bytes of its event, and is read back with the message', () => {
    const message = userMessage('äöü');
    const request = turnRequest(2, { metadata: { note: 'äöü' } });
    const status = { state: 'TASK_STATE_WORKING' as const, timestamp: '2030-01-01T00:00:00.000Z' };
    const event = pendingEvent({ statusUpdate: { taskId: 't', contextId: 'c', status } }, message, request);
    const texts = [event.data, event.inbound ?? '', event.request ?? ''];
    expect(event.bytes).toBe(texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0));
    expect(startedTurn(event, 9)).toEqual({ ...request, message });
  });

  it('is not needed: the row says the turn then, and event 1 is the first', () => {
    const message = userMessage('hello');
    const status = { state: 'TASK_STATE_SUBMITTED' as const, timestamp: '2030-01-01T00:00:00.000Z' };
    const made = pendingEvent({ task: { id: 't', contextId: 'c', status, history: [message] } });
    expect(startedTurn(made, 4)).toEqual({ turn: 1, message });
    const taken = pendingEvent({ statusUpdate: { taskId: 't', contextId: 'c', status } }, message);
    expect(startedTurn(taken, 4)).toEqual({ turn: 4, message });
    expect(startedTurn(pendingEvent({ task: { id: 't', contextId: 'c', status } }), 1)).toBeUndefined();
  });
});
