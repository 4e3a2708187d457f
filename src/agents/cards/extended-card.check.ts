import { isObject } from '../../common/is-object.js';
import { checkProvider, checkSkills } from '../agent-options.check.js';
import {
  type Report,
  checkKeys,
  checkMediaTypes,
  checkOptionalText,
  checkOptionalUrl,
  show,
} from '../../common/option-checks.js';
import { checkSecurityRequirements, checkSecuritySchemes } from '../security-options.check.js';
import type { ExtendedCardOptions } from './extended-card.options.js';

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

/** The option `extendedCard`. `schemes` are those of the public card, which its requirements may name too. */
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
