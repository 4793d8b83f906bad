/** What every export promises: a docstring, no Node in the main entries, and walks that reach everything. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse, resolve, visitAst, visitModel, type AstNode } from '../src/index.ts';

const folder = join(import.meta.dirname, '../src');

describe('the entries for browsers', () => {
  test.each(['index.ts', 'json/index.ts'])('%s needs no other package', (entry) => {
    expect([...outsideOf(join(folder, entry))]).toEqual([]);
  });

  test('only files for Node import from it', () => {
    for (const file of sources(folder)) {
      if (file.startsWith('node/') || file.endsWith('.test.ts')) continue;
      expect([file, /from '(?:node:|\.\.?\/.*node\/)/.test(read(file))]).toEqual([file, false]);
    }
  });
});

test('every export has a docstring', () => {
  const entries = ['index.ts', 'node/index.ts', 'json/index.ts'].map(read).join('\n');
  const lists = [...entries.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names]) =>
    names!.split(','),
  );
  const names = lists.map((name) => name.trim()).filter((name) => name !== '');
  expect(names.length).toBeGreaterThan(100);
  const texts = sources(folder).map(read).join('\n');
  const missing = names.filter(
    (name) => !new RegExp(`\\*/\\nexport (?:function\\*?|const|type|interface) ${name}\\b`).test(texts),
  );
  expect(missing).toEqual([]);
});

describe('visitors', () => {
  const source = {
    name: 'a.wit',
    text: `package a:b@1.0.0;
      /// docs
      @since(version = 1.0.0) interface i { use j.{t as u}; f: func(x: list<u>) -> result<_, own<r>>; resource r { m: func(); } }
      interface j { type t = u8; record s { a: t } }
      world w { import i; export e: interface { g: func(); } include v with { h as k } }
      world v { import h: func(); }`,
  };

  test('reach every node of a tree once, in the order of the text', () => {
    const all = new Set<AstNode>();
    const starts: number[] = [];
    const note = (node: AstNode): void => {
      expect(all.has(node)).toBe(false);
      all.add(node);
      if ('span' in node) starts.push(node.span.start);
    };
    const kinds = [
      'wit-file',
      'id',
      'interface',
      'world',
      'named-type',
      'extern-interface',
      'rename',
      'since',
    ];
    visitAst(parse(source).ast, Object.fromEntries(kinds.map((kind) => [kind, note])));
    const names = [...all].flatMap((node) => (node.kind === 'id' ? [node.name] : []));
    expect(names.join(' ')).toBe('a b i j t u f x u r r m j t s a t w i e g v h k v h');
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  test('leave out what is inside a node when told so', () => {
    const names: string[] = [];
    visitAst(parse(source).ast, { interface: () => false, id: ({ name }) => void names.push(name) });
    expect(names.join(' ')).toBe('a b w i e g v h k v h');
  });

  test('reach every named part of a model', () => {
    const found: string[] = [];
    const { model } = resolve({ sources: [source] });
    visitModel(model!, {
      package: ({ name }) => void found.push(name.name),
      interface: ({ name }) => void found.push(name ?? 'inline'),
      world: ({ name }) => void found.push(name),
      item: ({ kind }, direction) => void found.push(`${direction} ${kind}`),
      type: ({ name }) => void found.push(name!),
      function: ({ name }) => void found.push(name),
    });
    expect(found).toEqual([
      ...['b', 'j', 't', 's', 'i', 'u', 'r', 'f', '[method]r.m'],
      ...['v', 'import world-function', 'h'],
      ...['w', 'import world-interface', 'import world-interface', 'import world-function', 'k'],
      ...['export world-interface', 'inline', 'g'],
    ]);
  });
});

test('the program for tool authors works as it stands in the documentation', async () => {
  const { execFileSync } = await import('node:child_process');
  const { mkdirSync, writeFileSync } = await import('node:fs');
  const document = readFileSync(join(folder, '../../../docs/wit-tools.md'), 'utf8');
  const [, program] = /^<!-- program -->\n\n```ts\n([^]*?)^```$/m.exec(document)!;
  const [, wit] = /^<!-- input -->\n\n```wit\n([^]*?)^```$/m.exec(document)!;
  const [, markdown] = /^<!-- output -->\n\n````markdown\n([^]*?)^````$/m.exec(document)!;
  const directory = join(folder, '../out/documentation');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'reference.ts'), program!);
  writeFileSync(join(directory, 'shop.wit'), wit!);
  const command = ['--no-warnings', '--conditions=wittle-source', 'reference.ts', 'shop.wit'];
  const output = execFileSync(process.execPath, command, { cwd: directory, encoding: 'utf8' });
  expect(output).toBe(markdown);
  expect(program!.split('\n').length).toBeLessThan(60);
});

// The bare names that an entry and everything it imports import.
function outsideOf(entry: string): ReadonlySet<string> {
  const outside = new Set<string>();
  const seen = new Set<string>();
  const walk = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    expect([file, existsSync(file)]).toEqual([file, true]);
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\b[^;']*\bfrom '([^']+)'|\bimport\('([^']+)'/gm,
    )) {
      if (name.startsWith('.')) walk(join(dirname(file), name));
      else outside.add(name);
    }
  };
  walk(entry);
  return outside;
}

function sources(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => relative('.', name));
}

function read(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}
