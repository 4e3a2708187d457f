import { isObject } from '../common/is-object.js';
import { checkAgentOptions } from './agent-options.check.js';
import type { DiscoveredAgent } from './agent.explorer.js';
import { type CardDefaults, checkCardDefaults } from './cards/card-defaults.js';

/** Stops the boot, with all problems of all agents; each names the class and the fix. */
export class AgentConfigurationError extends Error {
  override readonly name = 'AgentConfigurationError';
  constructor(readonly problems: readonly string[]) {
    super(
      `${problems.length === 1 ? 'There is a problem' : `There are ${problems.length} problems`} with the agents of this application:\n` +
        problems.map((problem) => `  - ${problem}`).join('\n'),
    );
  }
}

/** Throws AgentConfigurationError unless every agent can be served. */
export function validateAgents(agents: readonly DiscoveredAgent[], cards: CardDefaults = {}): void {
  const problems = [
    ...checkCardDefaults(cards),
    ...agents.flatMap((agent) => problemsOf(agent, cards).map((problem) => `${placeOf(agent)}: ${problem}`)),
    ...clashesOfIds(agents),
    ...clashesOfDefault(agents),
  ];
  if (problems.length > 0) throw new AgentConfigurationError(problems);
}

function problemsOf(agent: DiscoveredAgent, { securitySchemes }: CardDefaults): string[] {
  const wrongOptions = checkAgentOptions(agent.options, securitySchemes);
  return [...placement(agent), ...methods(agent), ...enhancers(agent), ...wrongOptions];
}

function placement({ kind, lifetime }: DiscoveredAgent): string[] {
  const why = 'agents run without a request, also after a crash and on other replicas, so one instance serves all runs';
  const fix = 'make it a singleton, and read data of the call from the RequestContext';
  if (kind === 'controller')
    return ['it is listed in controllers: an agent has no routes of its own; list it in providers.'];
  if (lifetime.type === 'transient') return [`it is transient (Scope.TRANSIENT), but ${why}: ${fix}.`];
  if (lifetime.type === 'singleton') return [];
  const cause = lifetime.cause
    ? `it depends on ${lifetime.cause}, which is request-scoped`
    : 'it is request-scoped (Scope.REQUEST)';
  return [`${cause}, but ${why}: ${fix}.`];
}

/** Outside a request, Nest has an object without fields for a scoped provider. */
function methods({ instance, lifetime }: DiscoveredAgent): string[] {
  const members = (typeof instance === 'object' && instance !== null ? instance : {}) as Record<string, unknown>;
  const { execute, cancel, extendedAgentCard } = members;
  return [
    ...(typeof execute === 'function' || lifetime.type !== 'singleton'
      ? []
      : [`it has no method execute: add execute(context, updater), or async *execute(context).`]),
    ...(cancel === undefined || typeof cancel === 'function'
      ? []
      : ['its member cancel is not a method: make it cancel(context, updater), or rename it.']),
    ...(extendedAgentCard === undefined || typeof extendedAgentCard === 'function'
      ? []
      : ['its member extendedAgentCard is not a method: make it extendedAgentCard(card, caller), or rename it.']),
  ];
}

function enhancers({ lostEnhancers }: DiscoveredAgent): string[] {
  if (lostEnhancers.length === 0) return [];
  return [
    `Nest has no instance of ${lostEnhancers.join(', ')} and would skip it: provide the agent as a class (in providers, or by useClass), not as a value.`,
  ];
}

function clashesOfIds(agents: readonly DiscoveredAgent[]): string[] {
  const byId = new Map<string, DiscoveredAgent[]>();
  for (const agent of agents) {
    const id = isObject(agent.options) ? agent.options.id : undefined;
    if (typeof id === 'string') byId.set(id, [...(byId.get(id) ?? []), agent]);
  }
  return [...byId].flatMap(([id, [first, ...others]]) => {
    if (!first || others.length === 0) return [];
    if (others.every(({ className }) => className === first.className)) {
      const modules = [first, ...others].map(({ moduleName }) => moduleName).join(', ');
      return [
        `${first.className} (agent '${id}') is provided ${others.length + 1} times, by ${modules}: list it in one module, export it and import that module.`,
      ];
    }
    return [
      `the id '${id}' is used by ${listed([first, ...others])}: an id names one agent and its address, /agents/${id}; change all but one.`,
    ];
  });
}

function clashesOfDefault(agents: readonly DiscoveredAgent[]): string[] {
  const marked = agents.filter(({ options }) => isObject(options) && options.default === true);
  const classes = new Set(marked.map(({ className }) => className));
  return classes.size < 2
    ? []
    : [`${listed(marked)} all have default: true, but only one agent is served at the root: keep it on one.`];
}

const placeOf = ({ className, moduleName }: DiscoveredAgent): string => `${className} (in ${moduleName})`;

const listed = (agents: readonly DiscoveredAgent[]): string => agents.map(placeOf).join(' and ');
