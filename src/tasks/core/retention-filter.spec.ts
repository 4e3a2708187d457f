import { describe, expect, it } from '@jest/globals';
import { TASK_STATES, isInterrupted, isTerminal } from '../../protocol/state/task-state.js';
import { RETENTION_FILTERS, type RetentionFact, matchesRetention } from './retention-filter.js';

const FACTS: readonly RetentionFact[] = ['held', 'owesDeliveries', 'trimmed', 'running', 'queued', 'hasMessage'];

describe('matchesRetention', () => {
  it.each([
    ['deletable', isTerminal, ['held', 'owesDeliveries']],
    ['trimmable', isTerminal, ['held', 'trimmed']],
    ['abandoned', isInterrupted, ['running', 'queued', 'hasMessage']],
  ] as const)('finds tasks that are %s by their state, but for some facts', (name, isSettled, excluding) => {
    const filter = RETENTION_FILTERS[name];
    for (const state of TASK_STATES) {
      expect(matchesRetention(filter, state, () => false)).toBe(isSettled(state));
      const found = FACTS.filter((fact) => matchesRetention(filter, state, (asked) => asked === fact));
      const kept = FACTS.filter((fact) => !(excluding as readonly RetentionFact[]).includes(fact));
      expect(found).toEqual(isSettled(state) ? kept : []);
    }
  });
});
