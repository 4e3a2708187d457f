import { isObject } from '../../common/is-object.js';
import {
  checkExtensions,
  checkProvider,
  checkSecurityRequirements,
  checkSecuritySchemes,
  checkSkills,
} from './card-fields.check.js';
import {
  type Report,
  checkBoolean,
  checkMediaTypes,
  checkOptionalUrl,
  checkText,
  show,
} from '../../common/option-checks.js';

/** The problems of a card that an agent made, in canonical form; each string names the member. Spec 4.4.1. */
export function checkAgentCard(card: unknown): string[] {
  const problems: string[] = [];
  const report: Report = (problem) => void problems.push(problem);
  if (!isObject(card)) return [`it is ${show(card)}: return a card.`];
  for (const field of ['name', 'description', 'version']) checkText(card[field], field, report);
  for (const field of ['documentationUrl', 'iconUrl']) checkOptionalUrl(card[field], field, report);
  for (const field of ['defaultInputModes', 'defaultOutputModes']) checkMediaTypes(card[field] ?? [], field, report);
  checkInterfaces(card.supportedInterfaces, report);
  checkCapabilities(card.capabilities, report);
  checkProvider(card.provider, report);
  checkSecuritySchemes(card.securitySchemes, report);
  checkSecurityRequirements(card.securityRequirements, card.securitySchemes, 'securityRequirements', report);
  checkSkills(card.skills, card.securitySchemes, report);
  return problems;
}

function checkInterfaces(interfaces: unknown, report: Report): void {
  if (!Array.isArray(interfaces) || interfaces.length === 0) {
    return report(`supportedInterfaces is ${show(interfaces)}: give at least one.`);
  }
  interfaces.forEach((entry: unknown, index) => {
    const where = `supportedInterfaces[${index}]`;
    if (!isObject(entry)) return report(`${where} is ${show(entry)}: use { url, protocolBinding, protocolVersion }.`);
    for (const field of ['url', 'protocolBinding', 'protocolVersion'])
      checkText(entry[field], `${where}.${field}`, report);
  });
}

function checkCapabilities(capabilities: unknown, report: Report): void {
  if (!isObject(capabilities)) return report(`capabilities is ${show(capabilities)}: use an object.`);
  for (const flag of ['streaming', 'pushNotifications', 'extendedAgentCard'])
    checkBoolean(capabilities[flag], `capabilities.${flag}`, report);
  checkExtensions(capabilities.extensions, report);
}
