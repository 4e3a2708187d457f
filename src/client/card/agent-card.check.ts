import { isObject } from '../../common/is-object.js';
import type { AgentCapabilities, AgentCard, AgentExtension, AgentInterface } from '../../protocol/model/index.js';
import { toV10Card, type V03AgentCard } from '../../protocol/v0-3/index.js';
import { Found } from '../transport/shape.check.js';
import { withoutNulls } from './without-nulls.js';

/**
 * A card of either version in canonical form: what the client uses is checked, missing lists are added, and the rest is unchanged. A null
 * member counts as absent. A card that has the members of both versions is read as v1.0. `base`: the card's URL, against which relative
 * interface URLs are resolved.
 * @throws A2AClientJSONError naming the wrong member.
 */
export function checkAgentCard(value: unknown, base?: string): AgentCard {
  const card = new Found(withoutNulls(value), 'card');
  card.member('name').text();
  for (const name of ['description', 'version', 'url', 'preferredTransport', 'protocolVersion'])
    card.member(name).optional('string');
  const capabilities = new Found(card.object().capabilities ?? {}, 'card.capabilities');
  for (const name of ['streaming', 'pushNotifications', 'extendedAgentCard'])
    capabilities.member(name).optional('boolean');
  const extensions = capabilities.member('extensions').items().map(extension);
  const {
    supportedInterfaces,
    description = '',
    version = '',
    skills = [],
    defaultInputModes = [],
    defaultOutputModes = [],
  } = card.object();
  const complete = {
    ...card.object(),
    description,
    version,
    defaultInputModes: textsOf(new Found(defaultInputModes, 'card.defaultInputModes')),
    defaultOutputModes: textsOf(new Found(defaultOutputModes, 'card.defaultOutputModes')),
    skills: new Found(skills, 'card.skills').items().map((skill) => skill.object()),
    capabilities: { ...capabilities.object(), ...(extensions.length > 0 && { extensions }) } as AgentCapabilities,
  };
  const canonical = supportedInterfaces === undefined ? fromV03(card, complete) : (complete as unknown as AgentCard);
  new Found(canonical.supportedInterfaces, 'card.supportedInterfaces').items().forEach(checkInterface);
  return base === undefined ? canonical : resolved(canonical, base);
}

function fromV03(card: Found, complete: object): AgentCard {
  card.member('url').text();
  for (const each of card.member('additionalInterfaces').items())
    for (const name of ['url', 'transport']) each.member(name).text();
  for (const name of ['securitySchemes']) card.member(name).optional('object');
  // This client does not use the security members, so errors in them must not prevent calls.
  const { security, securitySchemes, ...rest } = complete as unknown as V03AgentCard;
  const isSound =
    Array.isArray(security) && security.every((each) => isObject(each) && Object.values(each).every(Array.isArray));
  const schemes = isObject(securitySchemes) && Object.values(securitySchemes).every(isObject);
  return toV10Card({
    ...rest,
    skills: rest.skills.map(({ security: _, ...skill }) => skill),
    ...(schemes && { securitySchemes }),
    ...(isSound && { security }),
  });
}

const resolved = (card: AgentCard, base: string): AgentCard => ({
  ...card,
  supportedInterfaces: card.supportedInterfaces.map((each) => ({ ...each, url: absolute(each, base) })),
});

/** gRPC interfaces have `host:port`, which is not a URL. */
const absolute = ({ url, protocolBinding }: AgentInterface, base: string): string =>
  protocolBinding !== 'GRPC' && URL.canParse(url, base) && !URL.canParse(url) ? new URL(url, base).href : url;

function checkInterface(found: Found): void {
  for (const name of ['url', 'protocolBinding', 'protocolVersion']) found.member(name).text();
  found.member('tenant').optional('string');
}

function extension(found: Found): AgentExtension {
  found.member('uri').text();
  found.member('required').optional('boolean');
  found.member('params').optional('object');
  return found.object() as unknown as AgentExtension;
}

function textsOf(list: Found): string[] {
  return list.items().map((item) => item.text());
}
