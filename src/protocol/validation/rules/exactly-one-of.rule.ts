import { HasRule, problem, type Rule } from './rule.js';

/** A member of a oneof. `{ nullable: name }`: null is a value of it, so `name: null` is present; else null is absent. */
export type OneofMember = string | { readonly nullable: string };

/** The property name under which a rule about a whole object is kept. */
export const WHOLE_OBJECT = '';

/**
 * Of these members an object has exactly one. Decorates the class; a violation names the object itself. `hint` is added to
 * the names of the members.
 */
export function ExactlyOneOf(members: readonly OneofMember[], hint?: string): ClassDecorator {
  const decorate = HasRule('exactlyOneOf', exactlyOneOf(members, hint));
  return (target) => decorate(target.prototype as object, WHOLE_OBJECT);
}

export function exactlyOneOf(members: readonly OneofMember[], hint?: string): Rule {
  const tests = members.map((member) =>
    typeof member === 'string' ? { name: member, nullable: false } : { name: member.nullable, nullable: true },
  );
  const names = tests.map(({ name }) => name).join(', ') + (hint === undefined ? '' : ` ${hint}`);
  return (_value, object) => {
    let present = 0;
    for (const { name, nullable } of tests) {
      const value = (object as Record<string, unknown>)[name];
      if (value !== undefined && (value !== null || nullable)) present++;
    }
    if (present === 1) return undefined;
    return problem(`must have exactly one of ${names}; it has ${present === 0 ? 'none' : present}`);
  };
}
