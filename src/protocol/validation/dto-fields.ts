import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { problem, type DtoClass, type NestedContext, type Rule, type RuleContext } from './rules/index.js';

/** What class-validator's decorators say of one property of a DTO. */
export interface DtoField {
  readonly name: string;
  /** null counts as absent, and an absent property is not checked. */
  readonly optional: boolean;
  /** In the order of checking; the first that fails is the last. */
  readonly rules: readonly Rule[];
  readonly nested?: NestedContext;
}

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/**
 * The fields of a DTO class as its decorators declare them, in order.
 * @throws Error when a decorator is used in a way that is not understood here (`each`, groups, conditions, promises), rather
 * than leave a rule out.
 */
export function fieldsOf(dto: DtoClass): DtoField[] {
  const byName = new Map<string, Metadata[]>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false)) {
    byName.set(metadata.propertyName, [...(byName.get(metadata.propertyName) ?? []), metadata]);
  }
  if (byName.size === 0) throw new Error(`${dto.name} has no validation decorators.`);
  return [...byName].map(([name, metadatas]) => fieldOf(dto, name, metadatas));
}

function fieldOf(dto: DtoClass, name: string, metadatas: Metadata[]): DtoField {
  const required: Rule[] = [];
  const others: Rule[] = [];
  let optional = false;
  let nested: NestedContext | undefined;
  for (const metadata of metadatas) {
    const { type, each, groups, validateIf } = metadata;
    const isOptional = type === ValidationTypes.CONDITIONAL_VALIDATION && metadata.name === 'isOptional';
    if (each || groups?.length || validateIf) throw unknownUse(dto, name, metadata);
    if (isOptional) optional = true;
    else if (type === ValidationTypes.IS_DEFINED) required.push(ruleOf(dto, metadata));
    else if (type === ValidationTypes.CUSTOM_VALIDATION) others.push(ruleOf(dto, metadata));
    else if (type === ValidationTypes.NESTED_VALIDATION) nested = nestedOf(dto, metadata);
    else if (type !== ValidationTypes.WHITELIST) throw unknownUse(dto, name, metadata);
  }
  return { name, optional, rules: [...required, ...others], nested };
}

/** The rule behind a decorator: ours as it is, one of class-validator's own by its constraint and message. */
function ruleOf(dto: DtoClass, metadata: Metadata): Rule {
  const context = metadata.context as Partial<RuleContext> | undefined;
  if (context?.rule) return context.rule;
  const { propertyName: property, constraints, message } = metadata;
  const [constraint] = getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls);
  if (!constraint || constraint.async || typeof message !== 'string') throw unknownUse(dto, property, metadata);
  const { instance } = constraint;
  const problems = problem(message);
  const targetName = dto.name;
  return (value, object) =>
    instance.validate(value, { targetName, property, object, value, constraints }) ? undefined : problems;
}

function nestedOf(dto: DtoClass, metadata: Metadata): NestedContext {
  const context = metadata.context as Partial<NestedContext> | undefined;
  if (!context?.dto || context.list === undefined) throw unknownUse(dto, metadata.propertyName, metadata);
  return { dto: context.dto, list: context.list };
}

const unknownUse = (dto: DtoClass, property: string, { type, name }: Metadata): Error =>
  new Error(`${dto.name}.${property}: this use of ${name ?? type} is not supported in the DTO of a request.`);
