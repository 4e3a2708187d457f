import type { HeldBytes, OverBudget } from '../common/byte-budget.js';
import { type A2AError, overloaded, resourceExhausted } from '../protocol/errors/index.js';

/** The error for a caller whose bytes exceed the budget. */
export const overBudgetError = ({ full }: OverBudget): A2AError =>
  overloaded(
    full === 'owner'
      ? 'Too many bytes of your calls wait in memory. Read the answers and finish the uploads that are open, then try again.'
      : 'Too many bytes wait in memory here. Try again later, or on another instance.',
  );

/** @throws A2AError OVERLOADED */
export function held(result: HeldBytes | OverBudget): HeldBytes {
  if (!result.ok) throw overBudgetError(result);
  return result;
}

export const tooManyCalls = (max: number): A2AError =>
  resourceExhausted(`You have ${max} calls and streams open. End some of them, then try again.`, 1);
