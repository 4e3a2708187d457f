import { Allow, IsBoolean, IsIn, IsOptional } from 'class-validator';
import type { EnumKind, Kind } from '../messages/kind.js';
import {
  IsBase64Text,
  IsDto,
  IsDtoList,
  IsIntegerIn,
  IsJsonObject,
  IsListOf,
  IsRequired,
  IsText,
  IsTimestamp,
  text,
} from './rules/index.js';

/** The class-validator rules of a field. */
export function decoratorsOf(kind: Kind, required: boolean): PropertyDecorator[] {
  // Null is one of its values.
  if (kind.type === 'value') return [Allow()];
  return [ruleOf(kind), required ? IsRequired() : IsOptional()];
}

function ruleOf(kind: Kind): PropertyDecorator {
  switch (kind.type) {
    case 'string':
      return IsText(kind);
    case 'int32':
      return IsIntegerIn(kind.min, kind.max);
    case 'bool':
      return IsBoolean({ message: 'must be true or false' });
    case 'bytes':
      return IsBase64Text();
    case 'timestamp':
      return IsTimestamp();
    case 'enum':
      return IsIn(valuesOf(kind), { message: kind.description });
    case 'message':
      return IsDto(() => kind.of);
    case 'list':
      return listRule(kind);
    default:
      return IsJsonObject();
  }
}

const valuesOf = ({ names, zeroIsUnset }: EnumKind): readonly string[] => (zeroIsUnset ? names : names.slice(1));

function listRule({ of, min, max = Number.POSITIVE_INFINITY }: Extract<Kind, { type: 'list' }>): PropertyDecorator {
  if (of.type === 'message') return IsDtoList(() => of.of, { min, max });
  if (of.type === 'string') return IsListOf(text(of), { min, max });
  throw new Error(`There is no rule for lists of ${of.type}.`);
}
