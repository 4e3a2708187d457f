import type { PipeTransform, Type } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { invalidParams, printable } from '../../protocol/errors/index.js';
import type { FieldViolation } from '../../protocol/errors/a2a.error.js';
import { parametersOf } from './parameter.decorators.js';

/**
 * Reads a query into an object of `type`, and refuses what is unknown or breaks a rule: A2AError INVALID_PARAMS. Handlers import the type
 * with `import type`, so that a ValidationPipe of the application does not check it first.
 */
export class QueryPipe<T extends object> implements PipeTransform<unknown, T> {
  constructor(private readonly type: Type<T>) {}

  transform(query: unknown): T {
    const known = parametersOf(this.type);
    const read = new this.type();
    const violations: FieldViolation[] = [];
    for (const [name, value] of Object.entries(query ?? {})) {
      const parameter = known.get(name);
      if (parameter) Object.assign(read, { [name]: parameter.read(value) });
      else violations.push({ field: printable(name), description: unknownParameter([...known.keys()]) });
    }
    // The validator refuses a class without rules.
    for (const { property, constraints } of known.size > 0 ? validateSync(read) : []) {
      const [description = 'is not valid'] = Object.values(constraints ?? {});
      violations.push({ field: property, description });
    }
    if (violations.length > 0) throw invalidParams(violations);
    return read;
  }
}

const unknownParameter = (known: readonly string[]): string =>
  known.length === 0 ? 'is unknown: there are no parameters here' : `is unknown: there are ${known.join(', ')}`;
