import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};
/** What these hold is compressed already. */
const PACKED = ['.woff2', '.png'];

/** The built site on loopback, as a web server would serve it: gzip, its own 404, assets kept by browsers. */
export interface SiteServer extends AsyncDisposable {
  readonly origin: string;
}

/** @param directory the built site. */
export async function serveSite(directory: string): Promise<SiteServer> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const found = fileAt(directory, path);
    const file = found ?? join(directory, '404.html');
    const type = extname(file);
    const content = readFileSync(file);
    const packed = PACKED.includes(type);
    response.writeHead(found ? 200 : 404, {
      'content-type': TYPES[type] ?? 'application/octet-stream',
      'cache-control': path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
      ...(packed ? {} : { 'content-encoding': 'gzip' }),
    });
    response.end(packed ? content : gzipSync(content));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function fileAt(directory: string, path: string): string | undefined {
  const wanted = join(directory, normalize(path));
  return [wanted, join(wanted, 'index.html')].find((file) =>
    statSync(file, { throwIfNoEntry: false })?.isFile(),
  );
}
