import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { type HistoryInput, SpireDBConnector, SpireDBError } from '@spire/sdk';

type Answer = [status: number, body: unknown];
const NAME = /(?<=^\/workflows\/)[^/]+/;
const STATUSES: Record<string, number> = { INVALID_INPUT: 400, WORKFLOW_NOT_FOUND: 404 };

const spire = await SpireDBConnector.create();

async function answer(request: IncomingMessage): Promise<Answer> {
  const { method, url = '' } = request;
  const name = decodeURIComponent(NAME.exec(url)?.[0] ?? '');
  switch (`${method} ${url.replace(NAME, 'NAME')}`) {
    case 'GET /healthz': {
      const health = await spire.healthCheck();
      return [health.healthy ? 200 : 503, health];
    }
    case 'GET /workflows':
      return [200, await spire.workflows.list()];
    case 'GET /workflows/NAME':
      return [200, await spire.workflows.getByName(name)];
    case 'POST /workflows/NAME/history': {
      const run = (await json(request)) as Omit<HistoryInput, 'workflowId'>;
      return spire.transaction(async (tx) => {
        const { id } = await tx.workflows.getByName(name);
        return [201, await tx.history.record({ ...run, workflowId: id })];
      });
    }
    default:
      return [404, { code: 'NOT_FOUND' }];
  }
}

function refusal(error: unknown): Answer {
  if (error instanceof SpireDBError) return [STATUSES[error.code] ?? 503, error];
  return [error instanceof SyntaxError || error instanceof URIError ? 400 : 500, {}];
}

const server = createServer(async (request, response) => {
  const [status, body] = await answer(request).catch(refusal);
  response.shouldKeepAlive &&= server.listening;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log('Listening:', server.address());
});

await once(process, 'SIGTERM');
server.close(); // Whoever has asked is answered first.
await once(server, 'close');
await spire.close();
