/** `bench parse`: reading WASI 0.2.12 whole into a resolved model, from the start of a process and again in the same one. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { out, preopen, wasi } from '../folders.mjs';
import { buildPackages, installPeers } from '../programs.mjs';

const folder = new URL('parse/', out);
const readers = { wittle: [], 'jco:1.35.0': ['--import', preopen] };

/** Options: `rounds` (default 7), `quick` (3 rounds). */
export async function benchParse(options) {
  const rounds = Number(options.rounds ?? (options.quick ? 3 : 7));
  installPeers();
  buildPackages(['parser']);
  mkdirSync(folder, { recursive: true });
  const text = wholeText();
  const wit = fileURLToPath(new URL('wasi.wit', folder));
  writeFileSync(wit, text);
  console.log(
    `## Parsing and resolving WASI 0.2.12, ${(text.length / 1000).toFixed(0)} KB, ${rounds} rounds, medians\n`,
  );
  const runs = Object.fromEntries(Object.keys(readers).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, flags] of Object.entries(readers)) {
      const program = fileURLToPath(new URL(`${name.split(':')[0]}-reader.mjs`, import.meta.url));
      const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, program, wit], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`${name} failed: ${stderr.trim().split('\n').slice(0, 3).join(' ')}`);
      runs[name].push(JSON.parse(stdout.trim().split('\n').at(-1)));
    }
  }
  const median = (name, key) => runs[name].map((each) => each[key]).toSorted((a, b) => a - b)[rounds >> 1];
  console.log('| reader | process start to model, ms | first call, ms | warm, ms |\n|---|---:|---:|---:|');
  for (const name of Object.keys(readers)) {
    const cells = ['start', 'first', 'warm'].map((key) => {
      const ratio =
        name === 'wittle' ? ` (${(median(name, key) / median('jco:1.35.0', key)).toFixed(2)})` : '';
      return `${median(name, key).toFixed(1)}${ratio}`;
    });
    console.log(`| ${[name, ...cells].join(' | ')} |`);
  }
  console.log(
    '\nIn brackets × jco. jco has no call that only reads: its wasm-tools also encodes the world as a module.\n',
  );
  growth();
}

/** All packages in one text, each in braces, and a world that includes them. */
function wholeText() {
  const bodies = readdirSync(wasi).map((name) => {
    const files = readdirSync(new URL(`${name}/`, wasi));
    const texts = files.map((file) => readFileSync(new URL(`${name}/${file}`, wasi), 'utf8'));
    const body = texts.join('\n').replace(/(?:^\/\/\/.*\n)*^package .*;\n/gm, '');
    return `package wasi:${name}@0.2.12 {\n${body}}\n`;
  });
  return `package bench:all;\nworld all { include wasi:cli/imports@0.2.12; include wasi:http/proxy@0.2.12; }\n${bodies.join('')}`;
}

/** Time by size: it must grow with the text and no faster. */
function growth() {
  const program = fileURLToPath(new URL('wittle-reader.mjs', import.meta.url));
  console.log('| functions | text, KB | first call, ms | µs a function |\n|---:|---:|---:|---:|');
  for (const count of [1000, 10_000, 100_000]) {
    const wit = fileURLToPath(new URL(`functions-${count}.wit`, folder));
    const functions = Array.from(
      { length: count },
      (_, n) => `  call${n}: func(a: list<u8>, b: option<string>) -> result<u32, string>;\n`,
    );
    const text = `package a:b;\ninterface i {\n${functions.join('')}}\nworld all { import i; }\n`;
    writeFileSync(wit, text);
    const { stdout } = spawnSync(process.execPath, [program, wit, '--once'], { encoding: 'utf8' });
    const { first } = JSON.parse(stdout.trim());
    console.log(
      `| ${count} | ${(text.length / 1000).toFixed(0)} | ${first.toFixed(0)} | ${((first * 1000) / count).toFixed(1)} |`,
    );
  }
  console.log('');
}
