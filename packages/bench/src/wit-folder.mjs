/** WIT directories as jco wants them: every package that is referred to must lie in `deps/`. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { wasi } from './folders.mjs';

/**
 * Writes `folder` anew: a package, which is either WASI's `name` or just `text`, and under `deps/` every WASI package that it
 * refers to, directly or through others.
 */
export function writeWitFolder(folder, { name, text }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(new URL('deps/', folder), { recursive: true });
  if (name === undefined) writeFileSync(new URL('world.wit', folder), text);
  else cpSync(new URL(`${name}/`, wasi), folder, { recursive: true });
  const found = new Set([name]);
  const pending = [text ?? textOf(name)];
  while (pending.length > 0) {
    for (const [, each] of pending.pop().matchAll(/\bwasi:([a-z-]+)\//g)) {
      if (found.has(each)) continue;
      found.add(each);
      cpSync(new URL(`${each}/`, wasi), new URL(`deps/${each}/`, folder), { recursive: true });
      pending.push(textOf(each));
    }
  }
}

function textOf(name) {
  const folder = new URL(`${name}/`, wasi);
  const files = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
  return files.join('\n').replace(/\/\/.*/g, '');
}
