import { pathToFileURL } from 'node:url';
import { compile, compiledPath, state } from './compile.mjs';

/** Has a test file import a module from the worker that runs it: there it is loaded once for all files. */
export default {
  getCacheKey: (_text, path) => `module ${state} ${path}`,
  async processAsync(_text, path) {
    compile();
    const url = pathToFileURL(path.endsWith('.ts') ? compiledPath(path) : path).href;
    const names = Object.keys(await import(url)).filter(
      (name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default',
    );
    const exported = names.map((name) => `export const ${name} = loaded.${name};`);
    return { code: [`const loaded = await loadOnce(${JSON.stringify(url)});`, ...exported].join('\n') };
  },
};
