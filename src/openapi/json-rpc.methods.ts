import { fieldsOf } from '../protocol/messages/field.decorator.js';
import { type MessageName, MESSAGES } from '../protocol/messages/messages.js';
import { type OperationDescription, type OperationName, OPERATIONS } from '../protocol/operations.js';
import { type DescribedAgent, type DocumentedVersion, offers } from './described-agent.js';
import { type OperationExample, V03_EXAMPLES, V10_EXAMPLES } from './operation.examples.js';
import { schemaNameOf } from './v1-0.schemas.js';

/** A method of the JSON-RPC endpoint, as the documentation shows it. */
export interface DocumentedMethod extends OperationExample {
  readonly name: OperationName;
  readonly needs?: 'pushNotifications';
  readonly method: string;
  readonly version: '1.0' | '0.3';
  readonly summary: string;
  /** Schema of `params`. */
  readonly params: string;
  /** Schemas that `result` may have. */
  readonly results: readonly string[];
  readonly stream: boolean;
  /** It can be called without saying anything. */
  readonly withoutParams: boolean;
}

const operations = Object.entries(OPERATIONS) as [OperationName, OperationDescription][];

const asksNothing = (request: MessageName): boolean =>
  fieldsOf(MESSAGES[request]).every(({ presence }) => presence !== 'required');

const v10Methods = operations.map(
  ([name, { summary, request, response, stream = false, needs }]): DocumentedMethod => ({
    ...V10_EXAMPLES[name],
    ...{ name, needs, method: name, version: '1.0', summary, stream, withoutParams: asksNothing(request) },
    params: schemaNameOf(request),
    results: [schemaNameOf(response)],
  }),
);

const v03Methods = operations.flatMap(
  ([name, { summary, request, stream = false, needs, v03 }]): DocumentedMethod[] => {
    const example = V03_EXAMPLES[name];
    if (v03.rpc === undefined || example === undefined) return [];
    const own = { ...example, name, needs, method: v03.rpc, version: '0.3' as const, summary, stream };
    return [{ ...own, withoutParams: asksNothing(request) }];
  },
);

const documentedMethods: readonly DocumentedMethod[] = [...v10Methods, ...v03Methods];

/** The methods that an agent has, in some versions. */
export const methodsOf = (agent: DescribedAgent, versions: readonly DocumentedVersion[]): DocumentedMethod[] =>
  documentedMethods.filter((documented) => versions.includes(documented.version) && offers(agent, documented));
