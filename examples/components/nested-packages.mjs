/** WASI's packages as text that may stand behind a package of one's own: tools that read no folders take it. */
import { readdirSync, readFileSync } from 'node:fs';

const wasi = new URL('../../wit/wasi/0.2.12/', import.meta.url);

/** The packages that what belongs to a command refers to. */
export function wasiPackages() {
  return ['io', 'clocks', 'cli', 'filesystem', 'sockets', 'random', 'http']
    .map((name) => nested(new URL(`${name}/`, wasi)))
    .join('\n');
}

/** A folder with a package as one package in braces. */
function nested(folder) {
  const texts = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const declaration = /^package ([^;]+);$/m;
  const name = texts.map((text) => declaration.exec(text)?.[1]).find((each) => each !== undefined);
  return `package ${name} {\n${texts.map((text) => text.replace(declaration, '')).join('\n')}\n}`;
}
