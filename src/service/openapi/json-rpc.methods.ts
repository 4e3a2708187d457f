import { fieldsOf } from '../../protocol/messages/field.decorator.js';
import { type MessageName, MESSAGES } from '../../protocol/messages/messages.js';
import { type OperationDescription, type OperationName, OPERATIONS } from '../../protocol/operations.js';
import { type OperationExample, V03_EXAMPLES, V10_EXAMPLES } from './operation.examples.js';
import { schemaNameOf } from './v1-0.schemas.js';

/** A method of the JSON-RPC endpoint, as the documentation shows it. */
export interface DocumentedMethod extends OperationExample {
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

const v10Methods = operations.map(([name, { summary, request, response, stream = false }]): DocumentedMethod => ({
  ...V10_EXAMPLES[name],
  ...{ method: name, version: '1.0', summary, stream, withoutParams: asksNothing(request) },
  params: schemaNameOf(request),
  results: [schemaNameOf(response)],
}));

const v03Methods = operations.flatMap(([name, { summary, request, stream = false, v03 }]): DocumentedMethod[] => {
  const example = V03_EXAMPLES[name];
  if (v03.rpc === undefined || example === undefined) return [];
  return [{ ...example, method: v03.rpc, version: '0.3', summary, stream, withoutParams: asksNothing(request) }];
});

export const documentedMethods: readonly DocumentedMethod[] = [...v10Methods, ...v03Methods];
