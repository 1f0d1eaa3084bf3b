import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { TestEnvironment } from 'jest-environment-node';
import { compile, compiledPath } from './compile.mjs';

/** Those that hook into every promise of the process (Node 20). */
const storages = new Set();
for (const name of ['run', 'enterWith']) {
  const original = AsyncLocalStorage.prototype[name];
  AsyncLocalStorage.prototype[name] = function (...args) {
    storages.add(this);
    return original.apply(this, args);
  };
}

/** What a test file runs in: it shares the sources with the other files of its worker. */
export default class extends TestEnvironment {
  async setup() {
    await super.setup();
    /** @see transformer.mjs, package-transformer.mjs */
    this.global.loadOnce = (url) => import(url);
    this.global.requireOnce = createRequire(import.meta.url);
    // What decorators have noted of the sources is there, and the rest is compared by `instanceof`.
    Object.assign(this.global, { Reflect, Date, Error, RangeError, SyntaxError, TypeError });
    compile();
    const { passwordCost } = await this.global.loadOnce(urlOf('src/application/secrets.ts'));
    Object.assign(passwordCost, { N: 2, r: 1, p: 1 });
  }

  async teardown() {
    // jest-circus 30.5 leaves one behind with each file, which makes all promises of the next ones slower.
    for (const storage of storages) storage.disable();
    storages.clear();
    await super.teardown();
  }
}

function urlOf(source) {
  return pathToFileURL(compiledPath(source)).href;
}
