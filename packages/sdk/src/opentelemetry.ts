import {
  type Attributes,
  type Histogram,
  type MeterProvider,
  metrics,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { type ConnectorEvent, channels, type QueryEvent } from './channels.ts';
import { SpireDBError } from './errors.ts';

/** Where spans and metrics go. */
export interface InstrumentOptions {
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider;
}

type Channel = (typeof channels)['query' | 'transaction' | 'acquire' | 'connect'];
type Event = ConnectorEvent & Partial<QueryEvent> & { readonly error?: unknown };

const NAME = '@spire/sdk';

/**
 * Makes spans of queries, transactions and connections, and metrics of how long they take and who
 * waits, for every connector of the process, by OpenTelemetry's conventions for databases. No text of a
 * statement and no parameter is in them: a statement has its first word and, where it is prepared, its name.
 *
 * @returns what ends it.
 * @example
 * import { instrumentSpire } from '@spire/sdk/opentelemetry';
 * const stop = instrumentSpire();
 */
export function instrumentSpire(options: InstrumentOptions = {}): () => void {
  const tracer = (options.tracerProvider ?? trace).getTracer(NAME);
  const meter = (options.meterProvider ?? metrics).getMeter(NAME);
  const seconds = (name: string) => meter.createHistogram(name, { unit: 's' });
  const pending = meter.createUpDownCounter('db.client.connection.pending_requests');
  const timeouts = meter.createCounter('db.client.connection.timeouts');
  const operations = seconds('db.client.operation.duration');
  const start = (name: string, attributes: Attributes) =>
    tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes });

  const ends = [
    watch(channels.query, operations, (event) => start(summary(event) || 'query', about(event))),
    watch(channels.transaction, undefined, (event) => start('transaction', about(event))),
    watch(channels.connect, seconds('db.client.connection.create_time'), (event) =>
      start('connect', about(event)),
    ),
    watch(channels.acquire, seconds('db.client.connection.wait_time')),
    follow(channels.acquire, {
      start: (event) => pending.add(1, pool(event)),
      asyncEnd: (event) => pending.add(-1, pool(event)),
      error: (event) => {
        if (errorType(event.error) === 'ACQUIRE_TIMEOUT') timeouts.add(1, pool(event));
      },
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Times what a channel tells, and makes a span of it where one is wanted. */
function watch(
  channel: Channel,
  duration: Histogram | undefined,
  startSpan?: (event: Event) => Span,
): () => void {
  const running = new WeakMap<Event, { at: number; span: Span | undefined }>();
  return follow(channel, {
    start(event) {
      running.set(event, { at: performance.now(), span: startSpan?.(event) });
    },
    asyncEnd(event) {
      const known = running.get(event);
      if (!known) return;
      running.delete(event);
      duration?.record((performance.now() - known.at) / 1000, about(event));
      if (event.error) known.span?.setStatus({ code: SpanStatusCode.ERROR });
      known.span?.setAttributes(about(event)).end();
    },
  });
}

/** @returns what ends it. */
function follow(
  channel: Channel,
  on: Partial<Record<'start' | 'asyncEnd' | 'error', (event: Event) => void>>,
): () => void {
  channel.subscribe(on as never);
  return () => void channel.unsubscribe(on as never);
}

/** Few in number, whatever the parameters are: the first word, and the name of a prepared statement. */
function summary({ operation = '', name }: Event): string {
  return name ? `${operation} ${name}` : operation;
}

function about(event: Event): Attributes {
  const { environment, operation, error } = event;
  return {
    'db.system.name': 'postgresql',
    'deployment.environment.name': environment,
    ...(operation ? { 'db.operation.name': operation } : {}),
    ...(operation ? { 'db.query.summary': summary(event) } : {}),
    ...(error ? { 'error.type': errorType(error) } : {}),
    ...(error instanceof SpireDBError && error.sqlstate
      ? { 'db.response.status_code': error.sqlstate }
      : {}),
  };
}

function errorType(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name ?? '_OTHER';
}

function pool({ environment }: Event): Attributes {
  return { 'db.client.connection.pool.name': environment };
}
