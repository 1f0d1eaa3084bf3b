import { execFile } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A change of one file, below src. */
export type Edit = { readonly file: string } & (
  | { readonly create: string }
  /** Replaces the one place that has the text. */
  | { readonly replace: string; readonly with: string }
);

/** A text that goes before the one place that has the anchor. */
export function before(file: string, anchor: string, text: string): Edit {
  return { file, replace: anchor, with: `${text}${anchor}` };
}

/** A copy of the sources that can be changed, compiled and run. */
export class SourceCopy {
  readonly directory = mkdtempSync(join(tmpdir(), 'muster-exercise-'));

  constructor() {
    cpSync(join(root, 'src'), join(this.directory, 'src'), { recursive: true });
    for (const file of ['package.json', 'tsconfig.json', 'tsconfig.build.json'])
      copyFileSync(join(root, file), join(this.directory, file));
    symlinkSync(join(root, 'node_modules'), join(this.directory, 'node_modules'));
  }

  /** @returns the files that differ from before, sorted @throws Error for a text that is not in exactly one place */
  apply(edits: readonly Edit[]): string[] {
    const known = this.files();
    for (const edit of edits) this.write(edit);
    const changed = [...this.files()].filter(([file, text]) => known.get(file) !== text);
    return changed.map(([file]) => `src/${file}`).sort();
  }

  /** @returns what the compiler complains of, by file; empty when it compiles into dist */
  async compile(): Promise<ReadonlyMap<string, string>> {
    const options = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--pretty', 'false'];
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, options, { cwd: this.directory }, (_, stdout) => resolve(stdout));
    });
    const complaints = new Map<string, string>();
    for (const [, file = '', complaint = ''] of output.matchAll(/^(\S+?)\(\d+,\d+\): (error .*(?:\n .*)*)/gm))
      complaints.set(file, [complaints.get(file) ?? [], complaint].flat().join('\n'));
    if (complaints.size === 0 && output !== '') complaints.set('', output);
    return complaints;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  private write(edit: Edit): void {
    const path = join(this.directory, 'src', edit.file);
    if ('create' in edit) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, edit.create, { flag: 'wx' });
      return;
    }
    const parts = readFileSync(path, 'utf8').split(edit.replace);
    if (parts.length !== 2) throw new Error(`${edit.file} has ${parts.length - 1} times: ${edit.replace}`);
    writeFileSync(path, parts.join(edit.with));
  }

  private files(): Map<string, string> {
    const names = readdirSync(join(this.directory, 'src'), { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => name.endsWith('.ts'));
    return new Map(files.map((file) => [file, readFileSync(join(this.directory, 'src', file), 'utf8')]));
  }
}
