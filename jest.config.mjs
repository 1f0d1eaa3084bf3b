const swc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  sourceMaps: 'inline',
};

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testRegex: '\\.spec\\.ts$',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc],
    // An ES module that @fastify/static requires; jest on Node 20 cannot.
    'content-disposition/.+\\.js$': [
      '@swc/jest',
      { module: { type: 'commonjs' }, jsc: { target: 'es2023' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!content-disposition/)'],
  testTimeout: 300_000,
  maxWorkers: 2,
  // Each test file leaves some memory and a hook on every promise behind in its worker (jest 30.5).
  workerIdleMemoryLimit: '800MB',
  // A worker ends by itself at once, then Node takes a second or two to give back what the test files have left in it.
  // Jest would kill it after half a second and blame an open handle; one that is really open still shows, later.
  workerGracefulExitTimeout: 30_000,
};
