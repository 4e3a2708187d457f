import type { INestApplicationContext } from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../agents/agent-registry.interface.js';
import { AgentCards } from '../agents/cards/agent-cards.js';
import { CARDS_OPTIONS, type CardsOptions } from '../agents/cards/cards.options.js';
import { toV03Card } from '../protocol/v0-3/index.js';
import { WEBHOOK_SIGNER, type WebhookSigner } from '../push-notifications/signing/webhook.signer.js';
import { RegisteredRoutes } from '../transports/http/registered-routes.js';
import { KEY_SET_PATH } from '../transports/http/served-addresses.js';
import type { DescribedAgent, DocumentedVersion } from './described-agent.js';
import type { Described } from './description.js';
import type { Schema } from './schema.js';

/** What is added to an OpenAPI document. */
export interface A2aOpenApiOptions {
  /** Ids of the agents to describe. Default: all. */
  readonly agents?: readonly string[];
  /** Versions of the protocol. Default: both. */
  readonly versions?: readonly DocumentedVersion[];
}

const VERSIONS: readonly DocumentedVersion[] = ['1.0', '0.3'];
const CARD = '/.well-known/agent-card.json';

/** @throws Error before the application is initialized, RangeError for an agent or a version that does not exist. */
export function describeAgents(app: INestApplicationContext, options: A2aOpenApiOptions): Described {
  const routes = app.get(RegisteredRoutes, { strict: false });
  if (routes.all.length === 0) {
    throw new Error(
      'addA2aToOpenApi: the routes of A2A are known after the application is initialized. Call app.init() first, or give ' +
        "SwaggerModule.setup() a function: SwaggerModule.setup('docs', app, () => addA2aToOpenApi(document, app)).",
    );
  }
  const registry = app.get<AgentRegistry>(AGENT_REGISTRY, { strict: false });
  const cards = app.get(AgentCards, { strict: false });
  const { signing } = app.get<CardsOptions>(CARDS_OPTIONS, { strict: false });
  const { keySet: webhookKeys } = app.get<WebhookSigner>(WEBHOOK_SIGNER, { strict: false });
  const all = registry.all();
  const ids = all.map(({ id }) => id);
  known('agents', options.agents, ids);
  known('versions', options.versions, VERSIONS);
  const chosen = all.filter(({ id }) => options.agents?.includes(id) ?? true);
  const inOrder = [
    ...chosen.filter((agent) => agent === registry.default),
    ...chosen.filter((agent) => agent !== registry.default),
  ];
  const keySet = routes.all.find(({ path }) => path.endsWith(`/${KEY_SET_PATH}`))?.path;
  return {
    agents: inOrder.map((agent) => described(agent, agent === registry.default, routes, cards)),
    versions: options.versions ?? VERSIONS,
    ...((signing ?? webhookKeys) !== undefined && keySet !== undefined && { keySet }),
  };
}

function described(agent: RegisteredAgent, root: boolean, routes: RegisteredRoutes, cards: AgentCards): DescribedAgent {
  const here = (path: string | undefined) => path?.replace(':agent', agent.id);
  const base = (kind: 'json-rpc' | 'rest') => {
    const found = routes.base(kind, !root);
    return found === undefined || root ? found : `${found}/agents/${agent.id}`;
  };
  const card = toV03Card(cards.publicCard(agent));
  return {
    id: agent.id,
    description: agent.options.description,
    card: here(routes.all.find(({ path, byId }) => byId === !root && path.endsWith(CARD))?.path),
    jsonRpc: base('json-rpc'),
    rest: base('rest'),
    streaming: agent.options.streaming,
    pushNotifications: agent.options.pushNotifications,
    extendedCard: agent.extendedCard !== undefined,
    securitySchemes: (card.securitySchemes ?? {}) as Record<string, Schema>,
    ...(card.security?.length && { security: card.security }),
  };
}

function known(option: string, given: readonly string[] | undefined, there: readonly string[]): void {
  const unknown = given?.find((name) => !there.includes(name));
  if (unknown === undefined) return;
  throw new RangeError(
    `addA2aToOpenApi: there is nothing named '${unknown}' for ${option}. There are: ${there.join(', ')}.`,
  );
}
