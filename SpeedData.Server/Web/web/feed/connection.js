/** A WebSocket that reconnects automatically, at first after half a second, later after at most one and a half. */

const FIRST_MS = 250, LONGEST_MS = 1500, OPENING_MS = 2500, SILENT_MS = 4000;

/** @typedef {"connecting" | "connected" | "disconnected"} ConnectionState */

export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  #wait = FIRST_MS;
  #heard = 0;
  /** @type {ConnectionState} */
  state = "connecting";

  /** @param {URL} address @param {() => string[]} protocols returns the subprotocols to offer @param {{ state: (state: ConnectionState) => void, text: (message: any) => void, binary: (message: ArrayBuffer) => void, refused: () => Promise<void> }} handlers `refused` returns when it makes sense to try again */
  constructor(address, protocols, handlers) {
    this.address = new URL(address);
    this.address.protocol = this.address.protocol === "https:" ? "wss:" : "ws:";
    this.protocols = protocols;
    this.handlers = handlers;
    // The server sends a message every second, so a silent connection is dead, even if nobody closed it.
    setInterval(() => this.#socket?.readyState === WebSocket.OPEN && performance.now() - this.#heard > SILENT_MS && this.#lost(this.#socket), 1000);
    addEventListener("online", () => this.state === "disconnected" && this.#open());
    this.#open();
  }

  /** @param {unknown} message */
  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #open() {
    if (this.#socket) return;
    const socket = new WebSocket(this.address, this.protocols());
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    const patience = setTimeout(() => this.#lost(socket), OPENING_MS);
    socket.onopen = () => {
      clearTimeout(patience);
      this.#wait = FIRST_MS;
      this.#heard = performance.now();
      this.#set("connected");
    };
    socket.onmessage = event => {
      this.#heard = performance.now();
      if (event.data instanceof ArrayBuffer) this.handlers.binary(event.data);
      else this.handlers.text(JSON.parse(event.data));
    };
    socket.onclose = () => {
      clearTimeout(patience);
      this.#lost(socket);
    };
  }

  /** @param {WebSocket} socket */
  #lost(socket) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    socket.onclose = socket.onmessage = socket.onopen = null;
    socket.close();
    this.#set("disconnected");
    // A browser does not say why a WebSocket was refused.
    const isRefused = this.#heard === 0;
    this.#heard = 0;
    setTimeout(() => void (isRefused ? this.handlers.refused().then(() => this.#open()) : this.#open()), this.#wait);
    this.#wait = Math.min(LONGEST_MS, this.#wait * 1.6);
  }

  /** @param {ConnectionState} state */
  #set(state) {
    if (state === this.state) return;
    this.state = state;
    this.handlers.state(state);
  }
}
