import { Buffer } from 'node:buffer';
import net from 'node:net';
import { HEADERS } from '../support/rpc.mjs';

/**
 * Opens streams on sockets of their own, without a parser of HTTP: what it takes from the machine is little more than what the
 * operating system does. Each reader has `bytes`, how many came, and `ended`, which resolves when the server has closed the
 * connection. `onData` is called for each piece.
 */
export async function openRawReaders({ url, body, count, atOnce = 50, sources = 1, close = true, onData }) {
  const { hostname, port, pathname, host } = new URL(url);
  const text = JSON.stringify(body);
  const headers = {
    host,
    ...HEADERS,
    'content-length': Buffer.byteLength(text),
    ...(close && { connection: 'close' }),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = `POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${text}`;
  const readers = [];
  const open = async () => {
    while (readers.length < count) {
      const reader = { bytes: 0 };
      readers.push(reader);
      const localAddress = `127.0.0.${1 + (readers.length % sources)}`;
      reader.socket = net.connect({ host: hostname, port: Number(port), localAddress, noDelay: true });
      reader.ended = new Promise((resolve, reject) => reader.socket.on('end', resolve).on('error', reject));
      reader.ended.catch(() => undefined);
      const first = new Promise((resolve, reject) => reader.socket.once('data', resolve).once('error', reject));
      reader.socket.on('data', (piece) => {
        reader.bytes += piece.length;
        onData?.(reader, piece);
      });
      reader.socket.write(request);
      const answer = (await first).latin1Slice();
      if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(`a stream was refused: ${answer}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, open));
  return readers;
}
