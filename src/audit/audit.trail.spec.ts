import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../testing/contracts/until.js';
import { ChainCheck } from './audit-chain.js';
import type { AuditEntry, AuditRecord } from './audit-record.js';
import type { AuditSink } from './audit-sink.interface.js';
import { AUDIT_DEFAULTS, type AuditOptions, auditOptions } from './audit.options.js';
import { AuditTrail } from './audit.trail.js';

const entry = (taskId: string): AuditEntry => ({ kind: 'operation', action: 'SendMessage', outcome: 'ok', taskId });

class Sink implements AuditSink {
  readonly batches: (readonly AuditRecord[])[] = [];
  fails = false;
  closed = false;

  async write(records: readonly AuditRecord[]): Promise<void> {
    await sleep(1);
    if (this.fails) throw new Error('The disk is full');
    this.batches.push([...records]);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  get records(): AuditRecord[] {
    return this.batches.flat();
  }
}

function trailOn(sink: Sink, options: Partial<AuditOptions> = {}): AuditTrail {
  return new AuditTrail({ sink, settings: { ...AUDIT_DEFAULTS, flushMs: 1, ...options } });
}

describe('AuditTrail', () => {
  it('writes records in their order and in batches, numbered from 1', async () => {
    const sink = new Sink();
    const trail = trailOn(sink);
    for (let n = 0; n < 1200; n++) trail.record(entry(`t${n}`));
    await trail.end();
    expect(sink.records.map(({ seq }) => seq)).toEqual(Array.from({ length: 1200 }, (_, index) => index + 1));
    expect(sink.records.map(({ entry: { taskId } }) => taskId)).toEqual(
      Array.from({ length: 1200 }, (_, n) => `t${n}`),
    );
    expect(Math.max(...sink.batches.map(({ length }) => length))).toBeLessThanOrEqual(500);
    expect(JSON.parse(sink.records[0]!.line)).toEqual({
      at: new Date(sink.records[0]!.at).toISOString(),
      chain: sink.records[0]!.chain,
      seq: 1,
      ...entry('t0'),
    });
    expect(sink.closed).toBe(true);
  });

  it('keeps records while the sink fails, and writes each of them once it works', async () => {
    const sink = new Sink();
    const trail = trailOn(sink);
    sink.fails = true;
    trail.record(entry('t1'));
    await sleep(20);
    trail.record(entry('t2'));
    sink.fails = false;
    await until(() => sink.records.length === 2);
    expect(sink.records.map(({ seq, entry: { taskId } }) => [seq, taskId])).toEqual([
      [1, 't1'],
      [2, 't2'],
    ]);
    await trail.end();
  });

  it('drops what it cannot keep, and says how many in a record of the chain', async () => {
    const sink = new Sink();
    const trail = trailOn(sink, { maxRecords: 2, hashChain: true });
    sink.fails = true;
    for (let n = 0; n < 5; n++) trail.record(entry(`t${n}`));
    trail.assertRoom();
    sink.fails = false;
    await trail.end();
    expect(sink.records.map((record) => record.entry)).toEqual([
      entry('t0'),
      entry('t1'),
      { kind: 'gap', action: 'drop', outcome: 'lost', count: 3 },
    ]);
    const check = new ChainCheck();
    for (const { line } of sink.records) check.add(line, 'A record');
    expect(check.report().problems).toEqual([]);
  });

  it('refuses calls while it is full, if it is told to', async () => {
    const sink = new Sink();
    const trail = trailOn(sink, { maxRecords: 1, onOverflow: 'refuse' });
    trail.assertRoom();
    sink.fails = true;
    trail.record(entry('t1'));
    expect(() => trail.assertRoom()).toThrow(expect.objectContaining({ reason: 'UNAVAILABLE' }));
    sink.fails = false;
    await until(() => sink.records.length === 1);
    trail.assertRoom();
    await trail.end();
  });

  it('cuts what a client chose, and leaves out what is not known', async () => {
    const sink = new Sink();
    const trail = trailOn(sink);
    trail.record({ ...entry('x'.repeat(10_000)), owner: undefined, tenant: '' });
    await trail.end();
    expect(sink.records[0]!.entry).toEqual(entry('x'.repeat(512)));
  });

  it('does nothing when it is off', async () => {
    const trail = new AuditTrail();
    trail.record(entry('t'));
    trail.assertRoom();
    await trail.end();
    expect([trail.on, trail.reads]).toEqual([false, false]);
  });
});

describe('auditOptions', () => {
  it.each([
    [{ sink: 'table' }, /audit\.sink must be 'database'/],
    [{}, /audit\.sink must be/],
    [{ sink: 'database', sinks: 1 }, /audit\.sinks is not an option/],
    [{ sink: 'database', maxRecords: 0 }, /audit\.maxRecords must be a whole number from 1/],
    [{ sink: 'database', onOverflow: 'wait' }, /audit\.onOverflow must be/],
    [{ sink: 'database', hashChain: 'yes' }, /audit\.hashChain must be true or false/],
  ])('refuses %j', (options, problem) => {
    expect(() => auditOptions(options as never)).toThrow(problem);
  });

  it('fills in the defaults', () => {
    expect(auditOptions({ sink: 'database', flushMs: undefined })).toEqual({ ...AUDIT_DEFAULTS, sink: 'database' });
    expect(auditOptions(undefined)).toBeUndefined();
  });
});
