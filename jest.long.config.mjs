import config from './jest.config.mjs';

/** The tests that take long: processes, peers, races over many rounds, properties over long histories. */
export default {
  ...config,
  testRegex: '\\.long\\.spec\\.ts$',
  // Most of them wait most of the time.
  maxWorkers: 3,
};
