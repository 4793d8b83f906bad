/** `wittle resolve`: the resolved model as JSON, in the format of `wasm-tools component wit --json`. */
import { toJson } from '@wittle/parser/json';
import { featureOptions, type Command, type FeatureArgs } from '../options.ts';
import { requireWit } from '../wit-input.ts';

interface ResolveArgs extends FeatureArgs {
  readonly wit: string;
  readonly json: boolean;
}

/** Prints nothing but JSON. */
export const resolve: Command<ResolveArgs> = {
  declare: (yargs) =>
    yargs
      .positional('wit', {
        description: 'A file, a component, a directory or the name of a shipped package',
        type: 'string',
        demandOption: true,
      })
      .options({
        json: { description: 'As JSON, the one format there is', type: 'boolean', default: true },
        ...featureOptions,
      })
      .example('$0 wit --json', 'The model of the package in wit/ and of all it depends on')
      .example('$0 wasi:cli > cli.json', 'A package that comes with wittle'),
  run: async (args, io) => {
    // To a file or a pipe the same bytes as wasm-tools, which ends without a line end.
    const end = io.terminal === true ? '\n' : '';
    io.stdout(`${JSON.stringify(toJson(await requireWit(args.wit, args, io)), null, 2)}${end}`);
    return 0;
  },
};
