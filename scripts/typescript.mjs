/**
 * Compiles generated code and the declarations of the published packages with TypeScript 5.4, 5.9, 6 and 7, under every
 * strict flag that each of them knows: all targets, of the recorded cases, of WASI's worlds and of worlds made of words
 * that mean something to TypeScript; as a bundler and as Node resolve modules; with and without the DOM's types (the
 * versions in between in the first of these ways, unless they are named). All versions, or those that are named: `node typescript.mjs [5.4] [5.9] [6.0] [7.0]`. Versions other than the workspace's
 * own come into scripts/typescript (90 MB). The packages have to be built.
 */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { everyTarget } from '../packages/codegen/test/every-target.ts';
import { worldOf } from '../packages/codegen/test/generate.ts';
import { wordWorlds } from '../packages/codegen/test/word-worlds.ts';
import { WORDS } from '../packages/codegen/test/words.ts';
import { loadPackage } from '../packages/parser/dist/node/index.js';
import { typescriptVersions } from './typescript/versions.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const versions = typescriptVersions();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !versions.some((each) => each.name === name));
if (unknown.length > 0)
  throw new Error(
    `no TypeScript ${unknown.join(', ')}; there are ${versions.map(({ name }) => name).join(', ')}`,
  );

/** Flags that are off by default and only refuse more, by the version that brought them. */
const flags = {
  5.4: {
    strict: true,
    allowUnreachableCode: false,
    allowUnusedLabels: false,
    exactOptionalPropertyTypes: true,
    forceConsistentCasingInFileNames: true,
    isolatedModules: true,
    noFallthroughCasesInSwitch: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noPropertyAccessFromIndexSignature: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    verbatimModuleSyntax: true,
  },
  5.5: { isolatedDeclarations: true },
  5.6: { noUncheckedSideEffectImports: true },
  5.8: { erasableSyntaxOnly: true },
};

const settings = {
  Node: { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022', 'dom'], types: [] },
  'a bundler': { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'], types: [] },
  'Node, without the DOM': {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    lib: ['es2022'],
    types: ['node'],
  },
};

const out = mkdtempSync(join(tmpdir(), 'wittle-typescript-'));
const everywhere = Object.keys(settings);
const programs = [
  ...generatedPrograms(),
  { ...packagesProgram(), options: { types: ['node'] }, titles: everywhere },
];
let passed = 0;
let failed = 0;
const jobs = versions
  .filter(({ name }) => asked.length === 0 || asked.includes(name))
  .flatMap((version) => {
    // How modules are resolved differs less than what is checked: the oldest and the newest look at it in every way.
    const isBetween = asked.length === 0 && !['5.4', '7.0'].includes(version.name);
    return programs.flatMap((program) =>
      program.titles.slice(0, isBetween ? 1 : undefined).map((title) => ({ version, title, program })),
    );
  });
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
rmSync(out, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function work() {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    const { version, title, program } = job;
    const errors = await compile(job);
    if (errors.length === 0) passed++;
    else failed++;
    const what = `TypeScript ${version.version}: ${program.title}, as for ${title}`;
    console.log(errors.length === 0 ? `ok      ${what}` : `FAILED  ${what}: ${errors.length} errors`);
    for (const line of errors.slice(0, 20)) console.log(`        ${line}`);
  }
}

/** The lines in which a version reports errors. */
function compile({ version, title, program }) {
  const known = Object.entries(flags).filter(([since]) => isAtLeast(version.name, since));
  const config = join(program.directory, `tsconfig.${version.name}.${everywhere.indexOf(title)}.json`);
  const compilerOptions = {
    ...Object.assign({}, ...known.map(([, of]) => of)),
    ...settings[title],
    ...program.options,
    declaration: true,
    noEmit: true,
    skipLibCheck: false,
    target: 'es2022',
    typeRoots: [join(root, 'node_modules', '@types')],
  };
  writeFileSync(config, JSON.stringify({ compilerOptions, include: ['**/*.ts'] }));
  const args = [version.tsc, '-p', config, '--pretty', 'false'];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: program.directory, maxBuffer: 1 << 28 },
      (error, stdout, stderr) => {
        if (error === null) resolve([]);
        else resolve(`${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== ''));
      },
    );
  });
}

function isAtLeast(version, other) {
  const [major, minor] = version.split('.').map(Number);
  const [otherMajor, otherMinor] = String(other).split('.').map(Number);
  return major > otherMajor || (major === otherMajor && minor >= otherMinor);
}

/**
 * Everything generated: one program for all but the ambient modules of guests. Of those a program has each once, so that
 * there are more, which need to be looked at in one way only.
 */
function generatedPrograms() {
  const all = { directory: newProgram('generated'), files: 0 };
  const guests = [];
  const known = new Set();
  for (const [index, files] of [...generatedWorlds()].entries()) {
    const isAmbient = ({ path }) => /^guest\/(?!in-process\/|instantiate\.)/.test(path);
    write(
      all,
      index,
      files.filter((file) => !isAmbient(file)),
    );
    const ambient = files.filter(isAmbient);
    // The header names options, which may make no difference there.
    const code = ambient.map(({ contents }) => contents.replaceAll(/^\/\/ .*\n/gm, '')).join('');
    if (known.has(code)) continue;
    known.add(code);
    const modules = ambient.flatMap(({ contents }) =>
      [...contents.matchAll(/^declare module ('.*')/gm)].map((match) => match[1]),
    );
    let program = guests.find((each) => !modules.some((module) => each.modules.has(module)));
    if (program === undefined) {
      program = { directory: newProgram(`guests-${guests.length}`), files: 0, modules: new Set() };
      guests.push(program);
    }
    for (const module of modules) program.modules.add(module);
    write(program, index, ambient);
  }
  return [
    { directory: all.directory, title: `${all.files} generated files`, titles: everywhere },
    ...guests.map(({ directory, files }) => ({
      directory,
      title: `${files} generated files of guests`,
      titles: everywhere.slice(0, 1),
    })),
  ];
}

function write(program, index, files) {
  program.files += files.length;
  for (const { path, contents } of files) {
    const target = join(program.directory, `world-${index}`, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
  }
}

function* generatedWorlds() {
  const choices = [
    { importSuffix: '.js' },
    { importSuffix: '.js', results: 'return', variants: 'kind', readonly: true, brands: true },
    { importSuffix: '.js', emit: 'js' },
  ];
  const cases = join(root, 'packages', 'codegen', 'test', 'cases');
  for (const name of readdirSync(cases)) {
    const world = worldOf(readFileSync(join(cases, name, 'input.wit'), 'utf8'));
    const options = join(cases, name, 'options.json');
    const own = existsSync(options) ? JSON.parse(readFileSync(options, 'utf8')) : {};
    for (const choice of choices) yield everyTarget(world, { ...own, ...choice });
  }
  const wasi = join(root, 'wit', 'wasi', '0.2.12');
  for (const name of readdirSync(wasi)) {
    const { model } = loadPackage(join(wasi, name), { packages: [wasi] });
    const packages = model.packages.filter((each) => each.name.name === name);
    for (const world of packages.flatMap(({ worlds }) => [...worlds.values()])) {
      for (const choice of choices) yield everyTarget(world, choice);
    }
  }
  const some = WORDS.filter((_, index) => index % 12 === 0);
  for (const [index, choice] of choices.entries()) {
    for (const { text } of wordWorlds(`w${index}`, some)) yield everyTarget(worldOf(text), choice);
  }
}

/** The declarations of everything that the published packages export. */
function packagesProgram() {
  const directory = newProgram('packages');
  const lines = [];
  for (const name of readdirSync(join(root, 'packages'))) {
    const manifest = join(root, 'packages', name, 'package.json');
    const { private: isPrivate, name: specifier, exports } = JSON.parse(readFileSync(manifest, 'utf8'));
    if (isPrivate || exports === undefined) continue;
    const link = join(directory, 'node_modules', specifier);
    if (!existsSync(link)) {
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(root, 'packages', name), link);
    }
    for (const [entry, target] of Object.entries(exports)) {
      if (typeof target !== 'object' || target.types === undefined) continue;
      lines.push(`export type * as e${lines.length} from '${specifier}${entry.slice(1)}';`);
    }
  }
  writeFileSync(join(directory, 'all.ts'), `${lines.join('\n')}\n`);
  return { directory, title: `${lines.length} entries of packages` };
}

function newProgram(name) {
  const directory = join(out, name);
  mkdirSync(join(directory, 'node_modules', '@wittle'), { recursive: true });
  symlinkSync(join(root, 'packages', 'runtime'), join(directory, 'node_modules', '@wittle', 'runtime'));
  symlinkSync(join(root, 'node_modules', 'fast-check'), join(directory, 'node_modules', 'fast-check'));
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  return directory;
}
