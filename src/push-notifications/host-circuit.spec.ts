import { describe, expect, it } from '@jest/globals';
import { HostCircuit } from './host-circuit.js';

const options = { concurrencyPerHost: 16, circuitFailures: 3, circuitOpenMs: 5_000, circuitMaxOpenMs: 15_000 };
const QUICK = 20;
const SLOW = 3_000;

describe('the circuit of a host', () => {
  it('begins with two calls at a time, and has more with each quick answer', () => {
    const circuit = new HostCircuit(options);
    const rooms = [circuit.available(0)];
    for (let n = 0; n < 4; n++) {
      circuit.answered(QUICK);
      rooms.push(circuit.available(0));
    }
    expect(rooms).toEqual([2, 4, 8, 16, 16]);
    circuit.underWay = 5;
    expect(circuit.available(0)).toBe(11);
    expect(circuit.quick).toBe(true);
  });

  it('has few again when it is slow, and when it is silent', () => {
    const circuit = new HostCircuit(options);
    for (let n = 0; n < 4; n++) circuit.answered(QUICK);
    circuit.answered(SLOW);
    expect(circuit.available(0)).toBe(8);
    circuit.unanswered(0);
    expect([circuit.available(0), circuit.quick, circuit.openFor(0)]).toEqual([2, false, 0]);
  });

  it('opens after some calls in a row without an answer, and is tried once after a while', () => {
    const circuit = new HostCircuit(options);
    circuit.unanswered(0);
    circuit.unanswered(0);
    circuit.answered(SLOW);
    circuit.unanswered(0);
    circuit.unanswered(0);
    expect(circuit.available(0)).toBe(2);
    circuit.unanswered(1_000);
    expect([circuit.available(5_999), circuit.openFor(2_000)]).toEqual([0, 4_000]);
    expect([circuit.available(6_000), circuit.quick]).toEqual([1, false]);
    circuit.underWay = 1;
    expect(circuit.available(6_000)).toBe(0);
    circuit.underWay = 0;
    circuit.answered(QUICK);
    expect([circuit.openFor(6_000), circuit.available(6_000)]).toEqual([0, 4]);
  });

  it('stays open for twice the time when the call that tries it has no answer, up to a limit', () => {
    const circuit = new HostCircuit(options);
    for (let n = 0; n < 3; n++) circuit.unanswered(0);
    // Began before it opened.
    circuit.unanswered(10);
    expect(circuit.openFor(0)).toBe(5_000);
    circuit.unanswered(5_000);
    expect(circuit.openFor(5_000)).toBe(10_000);
    circuit.unanswered(15_000);
    expect(circuit.openFor(15_000)).toBe(15_000);
  });
});
