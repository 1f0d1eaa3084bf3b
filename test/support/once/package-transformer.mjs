import { createRequire } from 'node:module';
import { state } from './compile.mjs';

const require = createRequire(import.meta.url);

/** The same for packages that are no ES modules. */
export default {
  getCacheKey: (_text, path) => `script 2 ${state} ${path}`,
  process(text, path) {
    const names = Object.keys(require(path)).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
    const exported = names.map((name) => `exports.${name} = loaded.${name};`);
    const shared = [`const loaded = requireOnce(${JSON.stringify(path)});`, ...exported].join('\n');
    // jest transforms what a global set-up loads, too; there is no environment there, and nothing to share.
    return {
      code: `if (typeof requireOnce === 'undefined') { (() => { ${text}\n})(); } else { ${shared} }`,
    };
  },
};
