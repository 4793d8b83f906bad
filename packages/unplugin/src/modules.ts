/** The JavaScript of modules. */
import type { Glue } from './glue-store.ts';
import { nearby, partSpecifier, type Request } from './request.ts';

/** How a bundler is told of the asset: statements that end in the declaration of `$asset`, something that `new URL` takes. */
export type AssetCode = (specifier: string) => string | Promise<string>;

/** The module that an import asks for. `asset` is for files that are WebAssembly. Throws for a part that there is not. */
export async function moduleOf(request: Request, glue: Glue, asset: AssetCode): Promise<string> {
  if (request.part === undefined && glue.kind !== 'wit') return guestModule(request, glue, asset);
  const file = request.part ?? 'index.js';
  const contents = glue.files.get(file);
  if (contents === undefined || !file.endsWith('.js')) throw new Error(`${request.path} has no part ${file}`);
  return linked(request, file, contents);
}

/** Imports of other generated files become imports of parts of the same file. */
function linked(request: Request, file: string, contents: string): string {
  return contents.replaceAll(importLine, (_, before: string, specifier: string) => {
    const { pathname } = new URL(specifier, `file:///${file}`);
    return `${before}${JSON.stringify(partSpecifier(request, decodeURI(pathname.slice(1))))};`;
  });
}

/** A line, or the last one, of an import as generated files have them. */
const importLine = /^((?:import .*|export .*|\})? from )'(\.\.?\/[^'\n]+)';$/gm;

async function guestModule(request: Request, { kind }: Glue, asset: AssetCode): Promise<string> {
  const index = JSON.stringify(partSpecifier(request, 'index.js'));
  const how = kind === 'component' ? componentCode : coreModuleCode;
  return `${how.imports}import { instantiate as $instantiate } from ${index};
${await asset(nearby(request.path))}
export const url = new URL($asset);
let $guest;
export async function instantiate(imports, options) {
  $guest ??= $compile().catch((error) => {
    $guest = undefined;
    throw error;
  });
  return $instantiate(await $guest, imports, options);
}
${how.compile}`;
}

const componentCode = {
  imports: "import { compile } from '@wittle/component';\n",
  compile: `function $compile() {
  return compile(url);
}
`,
};

// Node's fetch does not read files.
const coreModuleCode = {
  imports: '',
  compile: `async function $compile() {
  if (url.protocol === 'file:') {
    const { readFile } = globalThis.process.getBuiltinModule('node:fs/promises');
    return WebAssembly.compile(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(\`fetching \${url} failed: \${response.status} \${response.statusText}\`);
  return WebAssembly.compile(await response.arrayBuffer());
}
`,
};
