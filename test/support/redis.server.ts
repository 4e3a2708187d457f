import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Somewhere to publish and subscribe, for tests. */
export interface RedisServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The Redis that A2A_TEST_REDIS_URL names, else one of our own that knows as much of Redis as publish and subscribe need. */
export const openRedis = async (): Promise<RedisServer> => {
  const url = process.env.A2A_TEST_REDIS_URL;
  return url ? { url, close: () => Promise.resolve() } : SmallRedis.open();
};

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const array = (...items: string[]): string => `*${items.length}\r\n${items.join('')}`;
const OK = '+OK\r\n';

/** The Redis protocol (RESP 2) in memory: PUBLISH, SUBSCRIBE, and what a client says when it connects. */
export class SmallRedis implements RedisServer {
  readonly #subscribers = new Map<string, Set<Socket>>();
  readonly #sockets = new Set<Socket>();
  /** Asked for each message to each subscriber: true loses it. */
  loses: () => boolean = () => false;
  delivered = 0;
  lost = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async open(): Promise<SmallRedis> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SmallRedis(server);
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (let read = command(received); read; read = command(received)) {
        received = received.subarray(read.bytes);
        this.#answer(socket, read.words);
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      for (const subscribers of this.#subscribers.values()) subscribers.delete(socket);
    });
  }

  #deliver(subscriber: Socket, message: string): void {
    if (this.loses()) return void this.lost++;
    this.delivered++;
    subscriber.write(message);
  }

  #answer(socket: Socket, [name = '', ...args]: string[]): void {
    switch (name.toLowerCase()) {
      case 'info':
        return void socket.write(bulk('redis_version:7.0.0\r\nloading:0\r\n'));
      case 'client':
      case 'select':
        return void socket.write(OK);
      case 'subscribe':
        return args.forEach((channel, index) => {
          const subscribers = this.#subscribers.get(channel) ?? new Set();
          this.#subscribers.set(channel, subscribers.add(socket));
          socket.write(array(bulk('subscribe'), bulk(channel), `:${index + 1}\r\n`));
        });
      case 'publish': {
        const [channel = '', text = ''] = args;
        const subscribers = [...(this.#subscribers.get(channel) ?? [])];
        for (const each of subscribers) this.#deliver(each, array(bulk('message'), bulk(channel), bulk(text)));
        return void socket.write(`:${subscribers.length}\r\n`);
      }
      default:
        return void socket.write(`-ERR unknown command '${name}'\r\n`);
    }
  }
}

/** The first command in the buffer, if all of it is there: an array of bulk strings. */
function command(buffer: Buffer): { words: string[]; bytes: number } | undefined {
  const line = (from: number): { count: number; next: number } | undefined => {
    const end = buffer.indexOf('\r\n', from);
    return end < 0 ? undefined : { count: Number(buffer.toString('latin1', from + 1, end)), next: end + 2 };
  };
  const head = line(0);
  if (!head) return undefined;
  const words: string[] = [];
  let at = head.next;
  for (let word = 0; word < head.count; word++) {
    const length = line(at);
    if (!length || buffer.length < length.next + length.count + 2) return undefined;
    words.push(buffer.toString('utf8', length.next, length.next + length.count));
    at = length.next + length.count + 2;
  }
  return { words, bytes: at };
}
