import { IsInt, Max, Min } from 'class-validator';
import { inOrder } from './rule.js';

/** A whole number between two bounds, both included. */
export function IsIntegerIn(min: number, max: number): PropertyDecorator {
  const options = { message: `must be an integer from ${min} to ${max}` };
  return inOrder(IsInt(options), Min(min, options), Max(max, options));
}
