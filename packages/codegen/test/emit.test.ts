/** JavaScript and declarations beside the TypeScript that they stand for. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { GeneratedFile } from '../src/index.ts';
import { layOut } from '../src/emit/format.ts';
import { textOf, tokenize } from '../src/emit/tokens.ts';
import { compile } from './compile.ts';
import { Workspace } from './generate.ts';
import { samples, type Sample } from './samples.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const workspaces: Workspace[] = [];
afterAll(() => workspaces.forEach((each) => each.remove()));

function workspace(): Workspace {
  const made = new Workspace();
  symlinkSync(join(root, 'node_modules/fast-check'), join(made.path, 'node_modules/fast-check'));
  workspaces.push(made);
  return made;
}

/** All samples in one folder each, with `ts` or `js` beside them. */
function under(emit: 'ts' | 'js', of: readonly Sample[] = samples): readonly GeneratedFile[] {
  return of.flatMap(({ name, files }) =>
    files(emit).map((file) => ({ ...file, path: `${name}/${file.path}` })),
  );
}

/** Tokens without comments and trailing commas. */
function substance(text: string): string {
  const found = tokenize(text);
  const tokens = Array.from({ length: found.count }, (_, token) => textOf(found, token)).filter(
    (each) => !each.startsWith('//') && !each.startsWith('/*'),
  );
  return tokens.filter((each, at) => each !== ',' || !/^[)\]}]$/.test(tokens[at + 1] ?? '')).join(' ');
}

/** Without the imports that only types need: TypeScript leaves those of values. */
function withoutUnused(text: string): string {
  const words = text.replaceAll(/'(?:[^'\\]|\\.)*'/g, '').split(/[^\w$]+/);
  return text.replaceAll(/(?<=import \{ )[^}]*(?= \} from)/g, (names) =>
    names
      .split(' , ')
      .filter((name) => {
        const local = name.split(' as ').at(-1)!;
        return words.filter((word) => word === local).length > 1;
      })
      .join(' , '),
  );
}

describe('JavaScript', () => {
  const javaScript = under('js').filter(({ path }) => path.endsWith('.js'));

  test('has the tokens that TypeScript leaves of the same in TypeScript', () => {
    const made = workspace();
    const directory = made.write(under('ts'));
    const emit = { noEmit: false, outDir: 'erased', allowImportingTsExtensions: false, target: 'esnext' };
    expect(compile(directory, { ...emit, declaration: false, isolatedDeclarations: false })).toEqual([]);
    expect(javaScript.length).toBeGreaterThan(100);
    for (const { path, contents } of javaScript) {
      const erased = withoutUnused(substance(readFileSync(join(directory, 'erased', path), 'utf8')));
      // What has only types is an empty module to TypeScript, and is one here.
      const expected = erased === '' ? 'export { } ;' : erased;
      expect([path, ...substance(contents).split(' ')]).toEqual([path, ...expected.split(' ')]);
    }
  }, 120_000);

  test('is laid out as TypeScript is', () => {
    for (const { contents } of javaScript) expect(layOut(contents)).toBe(contents);
  });
});

describe('declarations', () => {
  // Guests declare modules of one name for the whole program.
  const alone = samples.filter(({ name }) => !/^guest-(?:names|default-shapes)$/.test(name));

  const beside = (directory: string): void => {
    const all = alone.flatMap(({ name, files }, at) => {
      const typeScript = files('ts').filter(({ path }) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
      const declarations = new Map(files('js').map((file) => [file.path, file.contents]));
      return typeScript.map(({ path, contents }) => {
        const module = path.replace(/\.ts$/, '');
        const exported = [
          ...contents.matchAll(/^export (?:interface|type) (\w+)(?![\w, ]*\})(<Module|<E)?/gm),
        ].map(
          ([, type, generic]) =>
            `${type}${generic === undefined ? '' : generic === '<E' ? '<1>' : '<never>'}`,
        );
        const again = [...contents.matchAll(/^export type \{ (?:\w+ as )?(\w+) \}/gm)].map(
          ([, type]) => type,
        );
        const values = [
          ...declarations.get(`${module}.d.ts`)!.matchAll(/^export declare (?:const|function) (\w+)/gm),
        ].map(([, value]) => value);
        const from = (folder: string): string => `import('./${folder}/${name}/${module}.js')`;
        return [...exported, ...again]
          .map((type) => `${from('world-1')}.${type}, ${from('world-2')}.${type}`)
          .concat(
            values.map((value) => `typeof ${from('world-1')}.${value}, typeof ${from('world-2')}.${value}`),
          )
          .map(
            (pair, n) =>
              `export const same_${at}_${module.replaceAll(/\W/g, '_')}_${n}: Same<${pair}> = true;`,
          )
          .join('\n');
      });
    });
    const text = `type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
${all.join('\n')}
`;
    expect(all.join('\n').match(/^export const /gm)!.length).toBeGreaterThan(500);
    writeFileSync(join(directory, 'same.ts'), text);
  };

  test.each(['nodenext', 'bundler'])(
    'declare the types that TypeScript has (moduleResolution %s)',
    (moduleResolution) => {
      const made = workspace();
      made.write(under('ts', alone));
      made.write(under('js', alone).map(withoutModules));
      beside(made.path);
      const module = moduleResolution === 'bundler' ? 'esnext' : 'nodenext';
      expect(compile(made.path, { module, moduleResolution })).toEqual([]);
    },
    120_000,
  );

  test('declare the same modules to guests', () => {
    for (const { files } of samples.filter(({ name }) => name.startsWith('guest-'))) {
      const [inTypeScript, beside] = (['ts', 'js'] as const).map((emit) =>
        files(emit)
          .find(({ path }) => path === 'imports.d.ts')!
          .contents.replace(/^.*\n/, ''),
      );
      expect(beside).toBe(`${inTypeScript}//# sourceMappingURL=imports.d.ts.map\n`);
    }
  });
});

/** Modules are declared once in a program. */
function withoutModules(file: GeneratedFile): GeneratedFile {
  return /^guest-[^/]+\/imports\.d\.ts$/.test(file.path) ? { ...file, contents: '' } : file;
}
