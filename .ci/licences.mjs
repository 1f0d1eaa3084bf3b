// Says which packages that are delivered must not be, by the licence that each names of itself; fails when there are any.
// It reads what is installed below a directory and asks nobody.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences, by their SPDX names, that ask for no more than that their text and the author are named. */
const taken = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause'],
  ...['Apache-2.0', 'BlueOak-1.0.0', 'Python-2.0'],
]);

const [root = '.'] = process.argv.slice(2);
const json = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
const delivered = Object.entries(json('package-lock.json').packages).filter(
  ([path, { dev }]) => path !== '' && dev !== true,
);
const refused = delivered
  .map(([path, locked]) => [path, licenceOf(path) ?? locked.license])
  .filter(([, licence]) => !isTaken(licence));
for (const [path, licence = 'no licence'] of refused) console.log(`${path}: ${licence}`);
console.log(
  `${delivered.length} packages are delivered, ${refused.length} of them under no licence on the list`,
);
if (refused.length > 0) process.exitCode = 1;

/** Of a package that is installed; others are for other machines. */
function licenceOf(path) {
  if (!existsSync(join(root, path, 'package.json'))) return undefined;
  const { license, licenses } = json(path, 'package.json');
  return license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ');
}

/** Whether an SPDX expression leaves a choice that is on the list. */
function isTaken(expression = '') {
  const choices = expression.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((one) => taken.has(one)));
}
