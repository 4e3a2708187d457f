import type { A2aAgentOptions } from '../agent-options.js';
import { isObject } from '../../common/is-object.js';
import { checkProvider, checkSecurityRequirements, checkSecuritySchemes, checkSkills } from './card-fields.check.js';
import {
  checkKeys,
  checkMediaTypes,
  checkOptionalText,
  checkOptionalUrl,
  type Report,
  show,
} from '../../common/option-checks.js';

/** The members of `extendedCard`: all of a public card except its URLs and capabilities. */
export type ExtendedCardOptions = Partial<
  Pick<
    A2aAgentOptions,
    | 'name'
    | 'description'
    | 'version'
    | 'skills'
    | 'inputModes'
    | 'outputModes'
    | 'provider'
    | 'documentationUrl'
    | 'iconUrl'
    | 'securitySchemes'
    | 'securityRequirements'
  >
>;

const KEYS = Object.keys({
  name: true,
  description: true,
  version: true,
  skills: true,
  inputModes: true,
  outputModes: true,
  provider: true,
  documentationUrl: true,
  iconUrl: true,
  securitySchemes: true,
  securityRequirements: true,
} satisfies Record<keyof ExtendedCardOptions, true>);

/** Checks the option `extendedCard`. `schemes` are those of the public card, which its requirements may name too. */
export function checkExtendedCard(additions: unknown, schemes: unknown, report: Report): void {
  if (additions === undefined) return;
  if (!isObject(additions) || Object.keys(additions).length === 0) {
    return report(
      `extendedCard is ${show(additions)}: say what it adds to the public card, as { skills, … }, or leave it out.`,
    );
  }
  checkKeys(additions, KEYS, 'extendedCard', report);
  const below: Report = (problem) => report(`extendedCard.${problem}`);
  const { skills, securitySchemes, securityRequirements } = additions;
  for (const field of ['name', 'description', 'version']) checkOptionalText(additions[field], field, below);
  for (const field of ['inputModes', 'outputModes']) checkMediaTypes(additions[field], field, below);
  for (const field of ['documentationUrl', 'iconUrl']) checkOptionalUrl(additions[field], field, below);
  checkProvider(additions.provider, below);
  checkSecuritySchemes(securitySchemes, below);
  const all = { ...(isObject(schemes) && schemes), ...(isObject(securitySchemes) && securitySchemes) };
  checkSecurityRequirements(securityRequirements, all, 'securityRequirements', below);
  if (skills !== undefined) checkSkills(skills, all, below);
}
