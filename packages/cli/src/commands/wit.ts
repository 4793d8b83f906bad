/**
 * `wittle wit`: what a component, a WIT package in binary form, a core module with its world in it or WIT on disk
 * declares, as one WIT text.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { decodeWit, printPackage } from '@wittle/component/wit';
import { format, type Model } from '@wittle/parser';
import { diagnosed, finding } from '../diagnose.ts';
import { failure, reasonOf } from '../failure.ts';
import type { Io } from '../io.ts';
import { featureOptions, text, type Command, type FeatureArgs, type GlobalArgs } from '../options.ts';
import { requireWit, wasmAt } from '../wit-input.ts';

interface WitArgs extends FeatureArgs, GlobalArgs {
  readonly wit: string;
  readonly out: string | undefined;
}

/** Prints nothing but WIT. */
export const wit: Command<WitArgs> = {
  declare: (yargs) =>
    yargs
      .positional('wit', {
        description:
          'A component, a WIT package in binary form, a .wit file, a directory or a shipped package',
        type: 'string',
        demandOption: true,
      })
      .options({
        out: text('out', 'The file to write into, instead of standard output', { alias: 'o' }),
        ...featureOptions,
      })
      .example('$0 tool.wasm', 'What a component imports and exports: the world root:component/root')
      .example('$0 wit -o all.wit', 'The package in a directory and its dependencies, in one file'),
  run: async (args, io) => {
    const { text: laidOut } = format({ name: args.wit, text: await witText(args, io) });
    if (args.out === undefined) io.stdout(laidOut);
    else {
      try {
        writeFileSync(resolve(io.cwd, args.out), laidOut);
      } catch (error) {
        throw failure(`cannot write ${args.out}: ${reasonOf(error)}`);
      }
    }
    return 0;
  },
};

async function witText(args: WitArgs, io: Io): Promise<string> {
  const wasm = wasmAt(args.wit, io);
  if (wasm === undefined) return modelText(await requireWit(args.wit, args, io));
  const { wit: decoded, problem } = decodeWit(wasm);
  if (decoded !== undefined) return decoded.text;
  const message = `${args.wit}, byte ${problem.offset}: ${problem.message}`;
  throw diagnosed([finding('invalid-binary', message, undefined, undefined)]);
}

function modelText({ main, packages }: Model): string {
  const own = main.at(-1)!;
  return printPackage(
    own,
    packages.filter((each) => each !== own),
  );
}
