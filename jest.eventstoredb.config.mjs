import config from './jest.config.mjs';

/** The tests of whatever depends on the event store, on an EventStoreDB: a real one, or the tests' own peer. */
export default {
  ...config,
  testRegex: [
    'test/e2e/v[12]/.*\\.spec\\.ts$',
    'test/e2e/instances/(two-instances|server-restart|mail)\\.long\\.spec\\.ts$',
    'test/application/kill\\.long\\.spec\\.ts$',
    'test/event-store/eventstoredb\\.long\\.spec\\.ts$',
  ],
  globalSetup: './test/support/eventstoredb/global-setup.mjs',
  globalTeardown: './test/support/eventstoredb/global-teardown.mjs',
};
