import { SpireDBConnector, type SpireDBConnectorOptions } from './connector.ts';

/**
 * Runs something with a connector that is closed at its end, however it ends.
 *
 * @throws what {@link SpireDBConnector.create} or the function throws.
 * @example
 * const {workflows} = await withConnector({environment: 'staging'}, (spire) => spire.workflows.list());
 */
export async function withConnector<T>(
  options: SpireDBConnectorOptions,
  run: (spire: SpireDBConnector) => Promise<T>,
): Promise<T> {
  await using spire = await SpireDBConnector.create(options);
  return await run(spire);
}
