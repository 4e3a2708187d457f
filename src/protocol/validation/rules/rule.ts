import { ValidateBy, type ValidationArguments } from 'class-validator';

/** `at` is the place below the value that was checked (`[2]`); absent: the value itself. */
export interface Problem {
  readonly at?: string;
  readonly description: string;
}

/** What is wrong with a value; undefined: nothing. `object` is what the value is a property of. */
export type Rule = (value: unknown, object: object) => readonly Problem[] | undefined;

/** The `context` that a decorator leaves in class-validator's metadata for those who want all problems, each with its place. */
export interface RuleContext {
  readonly rule: Rule;
}

export const problem = (description: string): readonly Problem[] => [{ description }];

/** Makes a class-validator decorator of a rule. */
export function HasRule(name: string, rule: Rule): PropertyDecorator {
  const context: RuleContext = { rule };
  const decorate = ValidateBy(
    {
      name,
      validator: {
        validate: (value: unknown, args?: ValidationArguments) => rule(value, args?.object ?? {}) === undefined,
        defaultMessage: (args?: ValidationArguments) => (args ? sentence(args, rule) : name),
      },
    },
    { context },
  );
  return (target, key) => decorate(target, String(key));
}

/** Applies decorators so that they are checked in the order of the arguments. */
export const inOrder =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };

function sentence({ property, value, object }: ValidationArguments, rule: Rule): string {
  const problems = rule(value, object) ?? [];
  return problems.map(({ at = '', description }) => `${property}${at} ${description}`).join('; ');
}
