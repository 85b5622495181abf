import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SpireDBConnector } from '../src/index.ts';
import { instrumentSpire } from '../src/opentelemetry.ts';
import { localEnvironment } from './local-environment.ts';

let local: Awaited<ReturnType<typeof localEnvironment>>;
const connect = (options: object = {}) =>
  SpireDBConnector.create({ environment: 'local', variables: local.variables, ...options });

beforeAll(async () => {
  local = await localEnvironment();
});
afterAll(() => local?.end());

const CANARY = 'canary-parameter';

describe('the channels', () => {
  it('tell of queries without their parameters and rows', async () => {
    const told: unknown[] = [];
    const on = { asyncEnd: (event: unknown) => told.push(structuredClone(event)) };
    const channel = tracingChannel('spire:db:query');
    channel.subscribe(on as never);
    onTestFinished(() => void channel.unsubscribe(on as never));
    await using spire = await connect();
    await spire.pool.query({ name: 'by_name', text: 'select $1 as found', values: [CANARY] });
    await spire.pool.query(`select 1 / 0, $1::text`, [CANARY]).catch(() => {});
    expect(told).toMatchObject([
      { environment: 'local', operation: 'SELECT', name: 'by_name' },
      { environment: 'local', operation: 'SELECT', name: undefined },
    ]);
    expect(JSON.stringify(told)).not.toContain(CANARY);
  });

  it('tell of a connection that was closed, and why', async () => {
    const told: unknown[] = [];
    const on = (event: unknown) => told.push(event);
    subscribe('spire:db:remove', on);
    onTestFinished(() => void unsubscribe('spire:db:remove', on));
    const spire = await connect();
    await spire.close();
    expect(told).toEqual([{ environment: 'local', reason: 'closed' }]);
  });
});

describe('instrumentSpire', () => {
  function exporters() {
    const spans = new InMemorySpanExporter();
    const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter: metrics });
    const meterProvider = new MeterProvider({ readers: [reader] });
    const tracerProvider = new TracerProvider({
      spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
    });
    const stop = instrumentSpire({ tracerProvider, meterProvider });
    onTestFinished(async () => {
      stop();
      await meterProvider.shutdown();
    });
    return { spans, metrics, flush: () => reader.forceFlush() };
  }

  it('makes spans by the conventions, and none has a parameter', async () => {
    const { spans } = exporters();
    await using spire = await connect();
    await spire.workflows.getByName(CANARY).catch(() => {});
    await spire.pool.query(`select 1 / 0, $1::text`, [CANARY]).catch(() => {});
    const found = spans.getFinishedSpans();
    const names = found.map(({ name }) => name);
    expect(names).toEqual(['connect', 'SELECT spire_workflow_by_name', 'SELECT']);
    expect(found.at(-1)?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'deployment.environment.name': 'local',
      'db.operation.name': 'SELECT',
      'db.query.summary': 'SELECT',
      'error.type': 'QUERY_FAILED',
      'db.response.status_code': '22012',
    });
    const told = found.map(({ name, attributes, events, status }) => ({
      name,
      attributes,
      events,
      status,
    }));
    expect(JSON.stringify(told)).not.toContain(CANARY);
  });

  it('counts who waits in vain', async () => {
    const { metrics, flush } = exporters();
    await using spire = await connect({ pool: { max: 1, connectMillis: 100 } });
    await spire.withClient(async () => {
      await expect(spire.workflows.list()).rejects.toMatchObject({ code: 'ACQUIRE_TIMEOUT' });
    });
    await flush();
    const all = metrics
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    const value = (name: string) =>
      all.find(({ descriptor }) => descriptor.name === name)?.dataPoints[0]?.value;
    expect(value('db.client.connection.timeouts')).toBe(1);
    expect(value('db.client.connection.pending_requests')).toBe(0);
    expect(value('db.client.operation.duration')).toMatchObject({ count: 1 });
  });
});
