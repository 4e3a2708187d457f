import { describe, expect, it } from '@jest/globals';
import { GrpcBootError } from './grpc-boot.error.js';
import { loadGrpc } from './load-grpc.js';

describe('loadGrpc', () => {
  it('says what to install when the package is not there', async () => {
    const missing = Object.assign(new Error("Cannot find package '@grpc/grpc-js'"), { code: 'ERR_MODULE_NOT_FOUND' });
    const load = () => loadGrpc(() => Promise.reject(missing));
    await expect(load()).rejects.toThrow(GrpcBootError);
    await expect(load()).rejects.toThrow('npm install @grpc/grpc-js');
  });

  it('passes on what else goes wrong', async () => {
    await expect(loadGrpc(() => Promise.reject(new SyntaxError('x')))).rejects.toThrow(SyntaxError);
  });

  it('gives the package', async () => expect((await loadGrpc()).status.OK).toBe(0));
});
