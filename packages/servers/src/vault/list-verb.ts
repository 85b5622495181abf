import type { Server as HttpServer } from 'node:http';
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { Duplex, Transform } from 'node:stream';

/** What Node's HTTP parser is given for `LIST`: a method that it knows and that Vault has no use for. */
export const LIST_STAND_IN = 'SOURCE';

const LIST_REQUEST = /^LIST (?=[^\s]+ HTTP\/1\.[01]\r\n)/;

/**
 * Puts a TCP server before an HTTP server to let the verb `LIST` pass, which Vault's clients use and
 * which Node's HTTP parser refuses.
 *
 * A request line is recognised at the start of what arrives. That is where one stands, since clients
 * wait for the answer before they ask again; and no JSON body has such a line.
 */
export function acceptList(http: HttpServer): NetServer {
  return createServer({ noDelay: true }, (socket: Socket) => {
    const requests = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const lists = chunk[0] === 0x4c && LIST_REQUEST.test(chunk.toString('latin1'));
        done(null, lists ? Buffer.concat([Buffer.from(LIST_STAND_IN), chunk.subarray(4)]) : chunk);
      },
    });
    // The types know only Node's older streams here.
    const pair: object = { readable: socket.pipe(requests), writable: socket };
    const connection = Duplex.from(pair as Iterable<never>);
    // A client that goes away in the middle is its own business.
    socket.on('error', () => connection.destroy());
    connection.on('error', () => socket.destroy());
    connection.on('close', () => socket.destroy());
    http.emit('connection', connection);
  });
}
