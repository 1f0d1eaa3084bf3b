import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const target = ['--module', 'nodenext', '--target', 'es2023', '--skipLibCheck', '--isolatedModules'];
const decorators = ['--experimentalDecorators', '--emitDecoratorMetadata'];

/**
 * Compiles a script and all it imports, for a process of its own. Types are checked elsewhere.
 * @param script its path from the root of the repository, with `.ts`
 * @returns the path of the compiled script
 */
export async function compiled(script: string): Promise<string> {
  const output = resolve('node_modules/.cache/muster-compiled');
  mkdirSync(output, { recursive: true });
  writeFileSync(resolve(output, 'package.json'), '{"type":"module"}');
  const options = [
    '--ignoreConfig',
    '--noCheck',
    '--rootDir',
    '.',
    '--outDir',
    output,
    ...target,
    ...decorators,
  ];
  await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', ...options, script]);
  return resolve(output, script.replace(/\.ts$/, '.js'));
}
