/** SQL: the options of a row of `pg_sequence`, each as `create sequence` takes it. */
export const sequenceOptions = `array[
  'start ' || seqstart, 'increment ' || seqincrement, 'minvalue ' || seqmin,
  'maxvalue ' || seqmax, 'cache ' || seqcache, case when seqcycle then 'cycle' else 'no cycle' end
]`;
