import { expect, test } from 'vitest';
import { explainDefinition } from './explain.ts';
import { featureDefinition } from './feature.ts';

const feature = {
  columns: ['a', 'b'],
  filters: null,
  format: 'parquet',
  loader: 'aleph_v3_loader',
  location: 's3://bucket/path',
  name: 'clicks',
  stage: 'assembly',
};

test('a feature has exactly its keys', () => {
  expect(featureDefinition.parse(feature)).toStrictEqual({ ...feature });
  const { filters: _, ...less } = feature;
  const { error } = featureDefinition.safeParse({ ...less, filter: [], loader: 'aleph_v1_loader' });
  expect(error && explainDefinition(error, 'feature')).toEqual([
    'feature.filters: expected a value, or null where there is none, got nothing',
    'feature.loader: expected "aleph_v2_loader" or "aleph_v3_loader", got "aleph_v1_loader"',
    'feature: expected no keys but columns, filters, format, loader, location, name and stage, got "filter"',
  ]);
});
