/** Compiles generated files with TypeScript, under every strict flag. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TSC = join(dirname(fileURLToPath(import.meta.url)), '../../../node_modules/.bin/tsc');

const CONFIG = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    noImplicitReturns: true,
    noFallthroughCasesInSwitch: true,
    noImplicitOverride: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    isolatedDeclarations: true,
    declaration: true,
    erasableSyntaxOnly: true,
    skipLibCheck: false,
    allowImportingTsExtensions: true,
    noEmit: true,
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2023',
    lib: ['es2022', 'dom'],
    types: [],
  },
  include: ['**/*.ts'],
};

/**
 * What TypeScript says of all files below a directory, one line per error: `path(line,column): error …`. `changes` are
 * to the compiler's options.
 */
export function compile(directory: string, changes: object = {}): readonly string[] {
  const config = { ...CONFIG, compilerOptions: { ...CONFIG.compilerOptions, ...changes } };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config));
  try {
    execFileSync(TSC, ['-p', directory, '--pretty', 'false'], { cwd: directory, encoding: 'utf8' });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (stdout === undefined || stdout === '') throw error;
    return stdout.split('\n').filter((line) => line.includes('error TS'));
  }
}
