import { afterEach, describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { Task } from '@a2a-js/sdk';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { GrpcClient, nextOf, readAll, SERVICES, V10 } from './support/grpc.client.js';
import { send, taskOf } from './support/grpc-messages.js';
import { Program } from './support/program.js';
import { ROOT } from './support/snippets.js';
import { tlsFile, CA } from './support/tls/index.js';

const MAIN = path.join(process.env.A2A_TEST_DIST ?? path.join(ROOT, 'dist'), 'src/service/main.js');
const LAB = { ...V10, 'x-a2a-agent': 'lab' };
const ADDRESS = /gRPC listens on (\S+)/;

describe('the service with GRPC_PORT', () => {
  let service: Program | undefined;
  let client: GrpcClient | undefined;
  afterEach(async () => {
    client?.close();
    await service?.stop('SIGKILL');
  });

  /** Until both ports listen. */
  async function start(
    env: Record<string, string>,
    credentials?: grpc.ChannelCredentials,
    options?: grpc.ClientOptions,
  ): Promise<GrpcClient> {
    let address: string | undefined;
    service = await Program.start({
      command: process.execPath,
      args: [MAIN, '--lab'],
      cwd: ROOT,
      env: { STORE: 'memory', PORT: '0', ...env },
      ready: (line) => {
        address ??= ADDRESS.exec(line)?.[1];
        return line.includes('Listening on') ? address : undefined;
      },
    });
    return (client = new GrpcClient(service.url, credentials, options));
  }

  it('serves gRPC, and ends its streams when it is told to end', async () => {
    const here = await start({ GRPC_PORT: '0' });
    const task = taskOf(await here.unary(SERVICES['1.0']['sendMessage'], send(), LAB));
    expect(Task.toJSON(task)).toMatchObject({ status: { state: 'TASK_STATE_COMPLETED' } });
    const stream = here.stream(SERVICES['1.0']['sendStreamingMessage'], send({ parts: [{ text: 'auth' }] }), LAB);
    await nextOf(stream);
    expect(await service!.stop('SIGTERM')).toBe(0);
    expect((await readAll(stream)).status.code).toBe(grpc.status.UNAVAILABLE);
  });

  it('serves it with TLS from files', async () => {
    const files = { GRPC_TLS_CERT_FILE: tlsFile('server.crt'), GRPC_TLS_KEY_FILE: tlsFile('server.key') };
    const localhost = { 'grpc.ssl_target_name_override': 'localhost' };
    const here = await start({ GRPC_PORT: '0', ...files }, grpc.credentials.createSsl(CA), localhost);
    expect(taskOf(await here.unary(SERVICES['1.0']['sendMessage'], send(), LAB)).id).not.toBe('');
  });

  it('says in one line that the port is taken, and does not start', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = String((other.address() as AddressInfo).port);
    const failed = start({ GRPC_PORT: port }).catch((error: unknown) => String(error));
    const output = await failed;
    expect(output).toContain(
      `gRPC cannot listen on 127.0.0.1:${port}: the port is in use. Choose another one (GRPC_PORT`,
    );
    expect(output).not.toMatch(/\n\s+at /);
    await new Promise((resolve) => other.close(resolve));
  });
});
