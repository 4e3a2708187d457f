import type { Socket } from 'node:net';

/** What libuv keeps for a socket's descriptor; not part of Node's typed surface, and absent where there is no such queue. */
interface Handle {
  readonly _handle?: { readonly writeQueueSize?: number } | null;
}

/** Bytes of the write that is under way which the system has not taken yet. */
export const queuedBytes = (socket: Socket): number => (socket as unknown as Handle)._handle?.writeQueueSize ?? 0;

/** A number that changes whenever the system takes bytes from the socket, and not when more are written to it. */
export const takenBytes = (socket: Socket): number => socket.bytesWritten - socket.writableLength - queuedBytes(socket);
