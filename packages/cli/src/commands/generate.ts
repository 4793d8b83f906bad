/** `wittle generate`: typed TypeScript for a world. Everything is made in memory before anything is written. */
import { resolve } from 'node:path';
import { generate as generateFiles, hostTarget, type GeneratedFile, type HostOptions } from '@wittle/codegen';
import { packageId, selectWorld, type Diagnostic, type Model, type World } from '@wittle/parser';
import { diagnosed } from '../diagnose.ts';
import { failure } from '../failure.ts';
import {
  choice,
  featureOptions,
  list,
  text,
  type Command,
  type FeatureArgs,
  type GlobalArgs,
} from '../options.ts';
import { checkOutput, writeOutput, type Written } from '../output.ts';
import { generatorName } from '../version.ts';
import { requireWit } from '../wit-input.ts';
import { count } from '../words.ts';

interface GenerateArgs extends FeatureArgs, GlobalArgs {
  readonly wit: string;
  readonly world: string | undefined;
  readonly target: string | undefined;
  readonly out: string | undefined;
  readonly force: boolean | undefined;
  readonly 'import-suffix': string | undefined;
  readonly 'may-block': readonly string[] | undefined;
  readonly 'sync-exports': readonly string[] | undefined;
}

export const generate: Command<GenerateArgs> = {
  declare: (yargs) =>
    yargs
      .positional('wit', {
        description: 'A file, a component, a directory or the name of a shipped package',
        type: 'string',
        demandOption: true,
      })
      .options({
        out: text('out', 'The directory to write into; made when it is not there', { alias: 'o' }),
        world: text('world', 'The world, when the package has several: `name` or `ns:package/name@1.0.0`', {
          alias: 'w',
        }),
        target: choice('target', 'What to generate', [hostTarget.name]),
        force: {
          description:
            'Write although the directory holds files of somebody else; they stay unless they are in the way',
          type: 'boolean',
        },
        'import-suffix': choice('import-suffix', 'How relative imports end', ['.js', '.ts', 'none']),
        'may-block': list(
          'Imported functions that may wait, beside those of WASI: `ns:package/interface#function`, or `*`',
        ),
        'sync-exports': list('Exported functions that never wait'),
        ...featureOptions,
      })
      .example('$0 wit -o src/bindings', 'The only world of the package in wit/')
      .example('$0 tool.wasm -o bindings', 'The world of a component, root:component/root')
      .example('$0 wasi:http --world proxy -o bindings', 'A world of a package that comes with wittle'),
  run: async (args, io) => {
    const started = performance.now();
    if (args.out === undefined) throw failure('nowhere to write to', 'name a directory: -o DIR');
    const directory = resolve(io.cwd, args.out);
    const shown = shownPath(args.out);
    // Before the work, as it is the mistake that is made most quickly.
    const found = checkOutput(directory, shown, args.force ?? false);
    const world = requireWorld(await requireWit(args.wit, args, io), args.world);
    const files = filesOf(world, args);
    const written = writeOutput(directory, shown, found, files);
    if (!args.quiet) io.stdout(`${summary(world, files, shown, written, started)}\n`);
    return 0;
  },
};

function requireWorld(model: Model, name: string | undefined): World {
  const { world, diagnostics } = selectWorld(model, name);
  if (world === undefined) throw diagnosed(diagnostics.map(withOption));
  return world;
}

function withOption(found: Diagnostic): Diagnostic {
  return found.code === 'ambiguous-world' ? { ...found, hint: `name it with --world; ${found.hint}` } : found;
}

function filesOf(world: World, args: GenerateArgs): readonly GeneratedFile[] {
  const suffix = args['import-suffix'];
  const options: Partial<HostOptions> = {
    ...((suffix === '.js' || suffix === '.ts') && { importSuffix: suffix }),
    ...(suffix === 'none' && { importSuffix: '' }),
    mayBlock: args['may-block'] ?? [],
    syncExports: args['sync-exports'] ?? [],
  };
  const generator = { name: generatorName(), source: sourceName(args.wit) };
  const { files, diagnostics } = generateFiles(world, hostTarget, options, generator);
  if (diagnostics.length > 0) throw diagnosed(diagnostics);
  return files;
}

// It ends up in a comment, on every system the same.
function sourceName(wit: string): string {
  return wit.replaceAll('\\', '/').replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
}

function shownPath(out: string): string {
  return out.endsWith('/') || out.endsWith('\\') ? out : `${out}/`;
}

function summary(
  world: World,
  files: readonly GeneratedFile[],
  directory: string,
  written: Written,
  started: number,
): string {
  const lines = files.reduce((sum, file) => sum + file.contents.split('\n').length - 1, 0);
  const name = `${packageId({ ...world.package.name, version: undefined })}/${world.name}`;
  const milliseconds = Math.round(performance.now() - started);
  const changes = [
    ...(written.changed === 0 && written.removed === 0 ? ['nothing changed'] : []),
    ...(written.changed > 0 && written.unchanged > 0 ? [`${written.changed} changed`] : []),
    ...(written.removed > 0 ? [`${written.removed} removed`] : []),
  ];
  const more = changes.length === 0 ? '' : ` (${changes.join(', ')})`;
  return `generated ${count(files.length, 'file')} (${count(lines, 'line')}) for ${name} into ${directory} in ${milliseconds} ms${more}`;
}
