import { connect, createServer, type Server, type Socket } from 'node:net';

/** A wire between one process and a server, which the test cuts, silences and heals. */
export interface Wire extends AsyncDisposable {
  readonly port: number;
  /** Connections end, and no new one is taken. */
  cut(): void;
  /** Nothing gets through and nobody is told: a half-open connection. */
  silence(): void;
  heal(): void;
}

class Cable implements Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #state: 'open' | 'cut' | 'silent' = 'open';

  constructor(to: number) {
    this.#server = createServer((near) => {
      this.#keep(near);
      if (this.#state === 'cut') {
        near.destroy();
        return;
      }
      const far = connect(to, '127.0.0.1');
      this.#keep(far);
      near.on('data', (data) => {
        if (this.#passes(near)) far.write(data);
      });
      far.on('data', (data) => {
        if (this.#passes(near)) near.write(data);
      });
      near.on('close', () => far.destroy());
      far.on('close', () => {
        if (this.#passes(near)) near.destroy();
      });
    });
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#sockets) socket.destroy();
  }

  silence(): void {
    this.#state = 'silent';
    // What is under way now stays silent for good, as a connection that a firewall has forgotten.
    for (const socket of this.#sockets) this.#mute.add(socket);
  }

  heal(): void {
    this.#state = 'open';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  readonly #mute = new WeakSet<Socket>();

  #passes(near: Socket): boolean {
    return this.#state === 'open' && !this.#mute.has(near);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

export function openWire(to: number): Promise<Wire> {
  return new Cable(to).open();
}
