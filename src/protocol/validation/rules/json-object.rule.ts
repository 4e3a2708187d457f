import { isObject } from '../../../common/is-object.js';
import { HasRule, problem } from './rule.js';

/** A JSON object, whatever is in it. */
export const IsJsonObject = (): PropertyDecorator =>
  HasRule('isJsonObject', (value) => (isObject(value) ? undefined : problem('must be an object')));
