import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a browser needs to find a package and those it imports as they lie in node_modules, without a bundler. */
export async function importMap(name, modules) {
  const imports = {};
  const left = [name];
  const seen = new Set();
  while (left.length > 0) {
    const next = left.pop();
    if (!seen.has(next)) {
      seen.add(next);
      const { exports, main, module, dependencies = {} } = JSON.parse(
        await readFile(join(modules, next, 'package.json'), 'utf8'),
      );
      for (const [path, target] of Object.entries(exports ?? { '.': module ?? main })) {
        const found = chosen(target);
        if (found?.endsWith('js')) {
          imports[next + path.slice(1)] = `/node_modules/${next}/${found.replace(/^\.\//, '')}`;
        }
      }
      left.push(...Object.keys(dependencies));
    }
  }
  return { imports };
}

/** Of conditional exports, what is for browsers and an ES module. */
function chosen(target) {
  if (typeof target !== 'object' || target === null) {
    return target;
  }
  return chosen(target.browser ?? target.import ?? target.default);
}
