/** Test files of the packages in the suite that don't run in it, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'packages/migrate/test/catalogue-mutations-15.integration.test.ts':
    'compares the shared Postgres with a local 15; here the shared one is a 15, and catalogue-mutations runs on it',
};
