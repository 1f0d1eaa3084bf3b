import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transformSync } from '@swc/core';

const root = resolve(import.meta.dirname, '../../..');
const cache = join(root, 'node_modules/.cache/muster-once');
/** Other states of the sources may be under test elsewhere, but not for that long. */
const OLD_AFTER_MS = 3_600_000;

/** How TypeScript is compiled for tests; types are checked elsewhere. */
export const swc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  sourceMaps: 'inline',
};

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();
const texts = sources.map((file) => [file, readFileSync(join(root, 'src', file), 'utf8')]);

/** Names the state of the sources. */
export const state = createHash('sha256')
  .update(JSON.stringify([swc, texts]))
  .digest('hex')
  .slice(0, 16);
const output = join(cache, state);

/** @returns the path of the compiled form of a source; its packages are those of the project */
export function compiledPath(source) {
  return join(output, relative(root, resolve(root, source)).replace(/\.ts$/, '.js'));
}

/** Compiles `src` as it is, once for all processes that test it. */
export function compile() {
  if (isThere(output)) return;
  mkdirSync(cache, { recursive: true });
  for (const old of readdirSync(cache)) {
    const isUnused = Date.now() - statSync(join(cache, old)).mtimeMs > OLD_AFTER_MS;
    if (isUnused) rmSync(join(cache, old), { recursive: true, force: true });
  }
  const draft = mkdtempSync(join(cache, 'draft-'));
  writeFileSync(join(draft, 'package.json'), readFileSync(join(root, 'package.json')));
  for (const [file, text] of texts) {
    const path = join(draft, 'src', file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      transformSync(text, { ...swc, swcrc: false, filename: join(root, 'src', file) }).code,
    );
  }
  try {
    renameSync(draft, output);
  } catch {
    // Another process has compiled the same meanwhile.
    rmSync(draft, { recursive: true });
  }
}

function isThere(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
