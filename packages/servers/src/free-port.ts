import { createServer } from 'node:net';
import { ServersError } from './errors.ts';

/**
 * A TCP port on loopback that nobody listens on at this moment.
 *
 * @param wanted this port and no other; without it, any.
 * @throws ServersError `PORT_IN_USE` when the wanted one is taken.
 */
export function freePort(wanted?: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause) =>
      reject(
        new ServersError('PORT_IN_USE', `Port ${wanted} on 127.0.0.1 can't be listened on.`, {
          suggestions: ['End the program that uses it, or choose another port.'],
          cause,
        }),
      ),
    );
    probe.listen(wanted ?? 0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
