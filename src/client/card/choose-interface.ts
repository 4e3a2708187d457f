import type { AgentCard, AgentInterface } from '../../protocol/model/index.js';
import { printable } from '../../protocol/errors/index.js';
import { AgentCardResolutionError } from '../errors/client.errors.js';
import type { ClientBinding, InterfacePreference } from '../options/client.options.js';

export interface ChosenInterface {
  readonly binding: ClientBinding;
  readonly version: '1.0' | '0.3';
  readonly url: string;
  readonly tenant?: string;
}

/**
 * The interface of a card to use: the first of the preferences that the card has, else the first supported one of v1.0, else of v0.3. A
 * card received over https leads to no interface over http.
 * @throws AgentCardResolutionError saying what the card offers.
 */
export function chooseInterface(
  { name, supportedInterfaces }: AgentCard,
  preference: readonly InterfacePreference[] | undefined,
  cardUrl?: string,
): ChosenInterface {
  const spoken = supportedInterfaces.flatMap(spokenAs);
  const [chosen] = preference
    ? preference.flatMap((wanted) =>
        spoken.filter((each) => each.binding === wanted.binding && each.version === wanted.version),
      )
    : [...spoken].sort((a, b) => Number(b.version) - Number(a.version));
  if (!chosen) {
    const offered = supportedInterfaces.map(
      ({ protocolBinding, protocolVersion }) => `${protocolBinding} ${protocolVersion}`,
    );
    throw new AgentCardResolutionError(
      `The agent ${printable(name)} has no interface that this client ${preference ? 'prefers' : 'speaks'}; its card has ${printable(offered.join(', '), 512) || 'none'}.`,
    );
  }
  if (cardUrl?.startsWith('https:') && !chosen.url.startsWith('https:')) {
    throw new AgentCardResolutionError(
      `The card of ${printable(name)} came over https and leads to an address without it, which is not called.`,
    );
  }
  return chosen;
}

function spokenAs({ protocolBinding, protocolVersion, url, tenant }: AgentInterface): ChosenInterface[] {
  const binding = BINDINGS.find((each) => each === protocolBinding);
  const version = /^1\.\d/.test(protocolVersion) ? '1.0' : /^0\.3(\.|$)/.test(protocolVersion) ? '0.3' : undefined;
  if (!binding || !version || !URL.canParse(url)) return [];
  return [{ binding, version, url, ...(tenant && { tenant }) }];
}

const BINDINGS: readonly ClientBinding[] = ['JSONRPC', 'HTTP+JSON'];
