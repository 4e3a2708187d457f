import { describe, expect, it } from '@jest/globals';
import { decodeErrorInfo, decodeStatus } from '@a2a-js/sdk/errors/grpc';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { A2AError, invalidParams, taskNotFound, toGrpcError } from '../../errors/index.js';
import { encodeRpcStatus } from './rpc-status.schema.js';

describe('google.rpc.Status', () => {
  it('holds the ErrorInfo that official clients read', () => {
    const status = decodeStatus(encodeRpcStatus(toGrpcError(taskNotFound('t1'))));
    expect(status).toMatchObject({ code: 5, message: 'Task not found: t1' });
    const [info] = status.details.map(({ value }) => decodeErrorInfo(value));
    expect(info).toEqual({ reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org', metadata: { taskId: 't1' } });
  });

  it('holds violations as BadRequest', () => {
    const error = invalidParams([{ field: 'message.parts', description: 'must not be empty' }]);
    const { details } = decodeStatus(encodeRpcStatus(toGrpcError(error)));
    const [, badRequest] = details;
    expect(badRequest?.typeUrl).toBe('type.googleapis.com/google.rpc.BadRequest');
    const outer = new BinaryReader(badRequest!.value);
    expect(outer.tag()).toEqual([1, 2]);
    const inner = new BinaryReader(outer.bytes());
    expect([inner.tag(), inner.string(), inner.tag(), inner.string()]).toEqual([
      [1, 2],
      'message.parts',
      [2, 2],
      'must not be empty',
    ]);
  });

  it('holds when to try again as RetryInfo', () => {
    const error = new A2AError('UNAVAILABLE', 'Later.', { retryAfter: 1.5 });
    const { details } = decodeStatus(encodeRpcStatus(toGrpcError(error)));
    const retry = details.find(({ typeUrl }) => typeUrl === 'type.googleapis.com/google.rpc.RetryInfo');
    const outer = new BinaryReader(retry!.value);
    expect(outer.tag()).toEqual([1, 2]);
    const inner = new BinaryReader(outer.bytes());
    expect([inner.tag(), Number(inner.int64()), inner.tag(), inner.int32()]).toEqual([[1, 0], 1, [2, 0], 500_000_000]);
  });

  it('leaves out details that it does not know', () => {
    const { details } = decodeStatus(encodeRpcStatus({ code: 3, message: 'm', details: [{ '@type': 'x' }, {}] }));
    expect(details).toEqual([]);
  });
});
