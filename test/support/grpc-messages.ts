import { decodeErrorInfo, decodeStatus } from '@a2a-js/sdk/errors/grpc';
import { SendMessageRequest, type SendMessageResponse, type Task } from '@a2a-js/sdk';
import { randomUUID } from 'node:crypto';
import type { GrpcAnswer } from './grpc.client.js';
import { textMessage } from './rpc.client.js';

/** A request of v1.0. */
export const send = (fields: Record<string, unknown> = {}, more: object = {}): SendMessageRequest =>
  SendMessageRequest.fromJSON({ message: textMessage('echo hi', fields), ...more });

/** A request of v0.3, as ts-proto wants it: all fields. */
export const v03Send = (text: string, configuration?: object): object => ({
  request: {
    messageId: randomUUID(),
    contextId: '',
    taskId: '',
    role: 1,
    content: [{ part: { $case: 'text', value: text } }],
    metadata: undefined,
    extensions: [],
  },
  configuration,
  metadata: undefined,
});

/** The reason in the details of an error. */
export const reasonOf = ({ trailers }: GrpcAnswer): string | undefined => {
  const [details] = trailers.get('grpc-status-details-bin');
  return details && decodeErrorInfo(decodeStatus(details as Buffer).details[0]!.value)?.reason;
};

/** What SendMessage answers; throws its error. */
export const taskOf = ({ message, error }: GrpcAnswer): Task => {
  if (error) throw error;
  const { payload } = message as SendMessageResponse;
  if (payload?.$case !== 'task') throw new Error('a task was expected');
  return payload.value;
};
