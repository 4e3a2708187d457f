import { Buffer } from 'node:buffer';
import net from 'node:net';
import { HEADERS, sendRequest } from '../support/rpc.mjs';

/** Asks for a stream and never reads a byte of it: what the server sends stays with the operating system, then with the server. */
export async function openUnread(agentUrl, text, message) {
  const { hostname, port, pathname, host } = new URL(agentUrl);
  const body = JSON.stringify(sendRequest('SendStreamingMessage', text, message));
  const headers = { host, ...HEADERS, 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = net.connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.pause();
  socket.write(`POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  return { close: () => socket.destroy() };
}
