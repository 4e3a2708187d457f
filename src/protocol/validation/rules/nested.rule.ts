import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsDefined, ValidateNested } from 'class-validator';
import { list, type ListSize } from './list.rule.js';
import { HasRule, inOrder } from './rule.js';

export type DtoClass = new () => object;

/** The `context` that a nested property leaves in class-validator's metadata. */
export interface NestedContext {
  readonly dto: () => DtoClass;
  readonly list: boolean;
}

/** The property must be there; null counts as absent. */
export const IsRequired = (): PropertyDecorator => IsDefined({ message: 'is required' });

/** An object that is checked by its own DTO. */
export const IsDto = (dto: () => DtoClass): PropertyDecorator => nested({ dto, list: false });

/** An array of such objects; its length is checked before any item is. */
export const IsDtoList = (dto: () => DtoClass, size: ListSize): PropertyDecorator =>
  inOrder(HasRule('isDtoList', list(size)), nested({ dto, list: true }));

function nested(context: NestedContext): PropertyDecorator {
  return inOrder(ValidateNested({ message: 'must be an object', context }), Type(context.dto));
}
