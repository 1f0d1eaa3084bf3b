import { createRequire } from 'node:module';
import { state } from './compile.mjs';

const require = createRequire(import.meta.url);

/** The same for packages that are no ES modules. */
export default {
  getCacheKey: (_text, path) => `script ${state} ${path}`,
  process(_text, path) {
    const names = Object.keys(require(path)).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
    const exported = names.map((name) => `exports.${name} = loaded.${name};`);
    return { code: [`const loaded = requireOnce(${JSON.stringify(path)});`, ...exported].join('\n') };
  },
};
