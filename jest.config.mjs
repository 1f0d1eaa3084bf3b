import { swc } from './test/support/once/compile.mjs';

/** Packages that tests must share with the sources: classes of theirs are compared, and loggers are listened to. */
const shared = {
  module: '/node_modules/@nestjs/common/index\\.js$',
  script: '/node_modules/@(eventstore/db-client/dist|grpc/grpc-js/build/src)/index\\.js$',
};

export default {
  testEnvironment: './test/support/once/environment.mjs',
  roots: ['<rootDir>/test'],
  testRegex: '(?<!\\.long)\\.spec\\.ts$',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    [`${import.meta.dirname}/src/.+\\.ts$|${shared.module}`]: './test/support/once/transformer.mjs',
    [shared.script]: './test/support/once/package-transformer.mjs',
    '^.+\\.ts$': ['@swc/jest', swc],
  },
  transformIgnorePatterns: [`^(?!.*(${shared.module}|${shared.script})).*/node_modules/`],
  testSequencer: './test/support/longest-first.mjs',
  testTimeout: 300_000,
  maxWorkers: 2,
  // Each test file leaves some memory behind in its worker (jest 30.5).
  workerIdleMemoryLimit: '800MB',
  // A worker ends by itself at once, then Node takes a second or two to give back what the test files have left in it.
  // Jest would kill it after half a second and blame an open handle; one that is really open still shows, later.
  workerGracefulExitTimeout: 30_000,
};
