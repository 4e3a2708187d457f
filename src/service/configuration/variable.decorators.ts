import { IsBoolean, IsIn, IsInt, Max, Min, ValidateBy, ValidateIf } from 'class-validator';
import { type NumberRange, wholeNumberRule } from '../../common/option-problems.js';

type Kind = 'text' | 'whole number' | 'flag';

/** What the loader needs to know about a variable besides its default and its rules. */
export interface VariableInfo {
  readonly kind: Kind;
  /** A valid value, for error messages. */
  readonly example: string;
  /** Its value is never shown. */
  readonly secret: boolean;
}

const known = new Map<string, VariableInfo>();

/** All variables, by name. */
export const knownVariables: ReadonlyMap<string, VariableInfo> = known;

type Options = Pick<VariableInfo, 'example'> & Partial<VariableInfo>;

const describe = (name: string | symbol, { kind = 'text', example, secret = false }: Options): void => {
  known.set(String(name), { kind, example, secret });
};

const all =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };

/** A variable whose value is a string that `accepts` accepts; `rule` completes "NAME must be …". */
export const Text = (options: Options & { rule: string; accepts: (value: string) => boolean }): PropertyDecorator =>
  all(
    (_, property) => describe(property, options),
    // A default may be undefined: the variable is not set then.
    ValidateIf((_, value) => value !== undefined),
    ValidateBy(
      { name: 'text', validator: { validate: (value) => typeof value === 'string' && options.accepts(value) } },
      { message: options.rule },
    ),
  );

/** One of several words. undefined among them: it need not be set. */
export const Choice = (words: readonly (string | undefined)[], example: string): PropertyDecorator =>
  all(
    (_, property) => describe(property, { example }),
    IsIn(words, { message: `one of ${words.filter((word) => word !== undefined).join(', ')}` }),
  );

/** Digits only; `unit` is the unit. A default may be undefined: the variable is not set then. */
export const WholeNumber = (range: NumberRange, unit: string, example: number): PropertyDecorator => {
  const [min, max] = range;
  const message = `${wholeNumberRule(range, unit)}, in digits`;
  return all(
    (_, property) => describe(property, { kind: 'whole number', example: String(example) }),
    ValidateIf((_, value) => value !== undefined),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
};

/** `true` or `false`. A default may be undefined: the variable is not set then. */
export const Flag = (): PropertyDecorator =>
  all(
    (_, property) => describe(property, { kind: 'flag', example: 'true' }),
    ValidateIf((_, value) => value !== undefined),
    IsBoolean({ message: 'true or false' }),
  );
