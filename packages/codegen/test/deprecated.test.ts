/** What a gate of the WIT calls deprecated is `@deprecated` in generated code. */
import { afterAll, expect, test } from '@jest/globals';
import { compile } from './compile.ts';
import { everyTarget } from './every-target.ts';
import { Workspace, worldOf } from './generate.ts';

const workspace = new Workspace();
afterAll(() => workspace.remove());

/** Every kind of item behind the gate `G`, and some that are not. */
const text = `package demo:old@1.9.0;
  interface behind { record kept { a: u8 } }
  G interface api {
    use behind.{kept};
    G record rec { a: u8 }
    G variant var { a, b(u8) }
    G enum en { a, b }
    G flags fl { a, b }
    G type al = list<u8>;
    G resource res {
      G constructor();
      G m: func(x: var) -> result<u8, en>;
      G s: static func() -> res;
      keep: func(x: kept);
    }
    G f: func(x: fl) -> result<rec, en>;
    keep: func(x: kept) -> u8;
  }
  interface fine { f: func() -> u8; }
  interface other { f: func(); }
  G world old {
    import fine;
    G import other;
    G import r: func();
    G record root-rec { a: u8 }
    import api;
    export api;
    G export e: func(x: root-rec);
    export keep: func();
  }`;
const world = worldOf(text.replaceAll(/\bG\b/g, '@since(version = 1.0.0) @deprecated(version = 1.2.0)'));

/** The names whose doc comments have the tag, in the order of the text. */
function deprecatedIn(contents: string): string {
  const declared = contents.matchAll(
    /\/\*\*(?:(?!\*\/)[^])*?[ *]@deprecated since 1\.2\.0\n? *\*\/\s*(?:(?:export|declare|default|async|readonly|static) )*(?:(?:interface|type|class|const|function|module) )?('[^']*'|[\w$]+)/g,
  );
  return [...declared].map(([, name]) => name!.replaceAll("'", '')).join(' ');
}

const api = 'Rec Var En Fl Al Res m';

/** By files, in every form. Next to each interface there is the type or object that stands for it as a whole. */
const expected: Readonly<Record<string, string>> = {
  'bindings/exports/$root': 'e',
  'bindings/exports/demo/old/api': `${api} Exports Res new s f`,
  'bindings/imports/$root': 'RootRec r',
  'bindings/imports/demo/old/api': `${api} Host Res new s f`,
  'bindings/imports/demo/old/behind': '',
  'bindings/imports/demo/old/fine': '',
  'bindings/imports/demo/old/other': 'Host',
  'bindings/index':
    'Imports demo:old/other demo:old/api VersionedImports demo:old/other@1.9.0 demo:old/api@1.9.0 ' +
    'Exports api demo:old/api instantiate instantiateSync',
  'guest/exports/$root': 'e',
  'guest/exports/demo/old/api': `${api} Exports Res new s f`,
  'guest/imports': `demo:old/other@1.9.0 demo:old/api@1.9.0 ${api} Res new s f RootRec r`,
  'guest/in-process/exports/$root': 'e',
  'guest/in-process/exports/demo/old/api': `${api} Exports Res new s f`,
  'guest/in-process/imports/$root': 'RootRec r',
  'guest/in-process/imports/demo/old/api': `${api} Host Res new s f`,
  'guest/in-process/imports/demo/old/behind': '',
  'guest/in-process/imports/demo/old/fine': '',
  'guest/in-process/imports/demo/old/other': 'Host',
  'guest/index': 'Exports api Guest',
  'guest/instantiate':
    'GuestImports demo:old/other demo:old/api GuestExports api KeyedGuestExports demo:old/api ' +
    'Guest instantiateGuest guestModule',
  'mocks/arbitraries': [
    ...['Res', 'Rec', 'Var', 'En', 'Fl', 'Al', 'ResMResult', 'ResSResult', 'FResult'].map(
      (of) => `demoOldApi${of}`,
    ),
    'rootRootRec',
    ...['Rec', 'Var', 'En', 'Fl', 'Al', 'ResMArguments', 'FArguments'].map((of) => `exportedDemoOldApi${of}`),
    'exportedRootEArguments',
  ].join(' '),
  'mocks/mocks': 'mockHost',
  'mocks/world': '',
  'stubs/imports/$root': 'r',
  'stubs/imports/demo/old/api': 'Res constructor s m api f',
  'stubs/imports/demo/old/fine': '',
  'stubs/imports/demo/old/other': 'other',
  'stubs/index': 'imports',
};

test.each(['js', 'ts'] as const)(
  'items behind the gate are marked in every target, and no others (emit %s)',
  (emit) => {
    const files = everyTarget(world, { emit, importSuffix: `.${emit}` }).filter(({ path }) =>
      path.endsWith('.ts'),
    );
    const found = files.map(({ path, contents }) => [
      path.replace(/(?:\.d)?\.ts$/, ''),
      deprecatedIn(contents),
    ]);
    expect(Object.fromEntries(found)).toEqual(expected);
  },
);

test('code with the tag compiles under every strict flag', () => {
  const files = everyTarget(world).filter(({ path }) => !path.startsWith('mocks/'));
  expect(compile(workspace.write(files), { skipLibCheck: true })).toEqual([]);
});
