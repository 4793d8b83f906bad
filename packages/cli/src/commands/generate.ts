/** `wittle generate`: typed TypeScript for worlds, by a configuration or for one `<wit>`. */
import type { Argv } from 'yargs';
import { now } from '../clock.ts';
import type { OutputConfig } from '../config/config.ts';
import { checkConfig, loadConfig, type LoadedConfig, type Locate } from '../config/load.ts';
import { buildPlan, planBuild, type BuildOptions, type BuildResult } from '../build/build.ts';
import { finding } from '../diagnose.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';
import {
  choice,
  featureOptions,
  isGiven,
  list,
  text,
  type Command,
  type FeatureArgs,
  type GlobalArgs,
} from '../options.ts';
import { progressOf } from '../progress.ts';
import { reporter, type Format, type Reporter } from './generate-report.ts';
import { flagName, givenFlags, targetFlags, targetOptions } from './target-flags.ts';

interface GenerateArgs extends FeatureArgs, GlobalArgs, Readonly<Record<string, unknown>> {
  readonly wit: string | undefined;
  readonly world: string | undefined;
  readonly target: string | undefined;
  readonly out: string | undefined;
  readonly config: string | undefined;
  readonly project: readonly string[] | undefined;
  readonly check: boolean | undefined;
  readonly watch: boolean | undefined;
  readonly force: boolean | undefined;
  readonly format: string | undefined;
  readonly json: boolean | undefined;
}

const single = 'Options with <wit>:';
const configured = 'Options without <wit>:';

export const generate: Command<GenerateArgs> = {
  declare: (yargs) =>
    yargs
      .positional('wit', {
        description:
          'A file, a component, a directory or the name of a shipped package. Without it, what wittle.config.json (.ts, .js) says',
        type: 'string',
      })
      .options({
        check: {
          description: 'Write nothing: say what would change, and fail if anything would',
          type: 'boolean',
        },
        watch: {
          description: 'Generate again whenever the WIT or the configuration changes',
          type: 'boolean',
        },
        force: {
          description:
            'Write although the directory holds files of somebody else; they stay unless they are in the way',
          type: 'boolean',
        },
        format: choice('format', 'How to report', ['pretty', 'json', 'github']),
        json: { description: 'The same as --format json', type: 'boolean' },
        config: text(
          'config',
          'The configuration; wittle.config.json, .ts, .mts, .js or .mjs when left out',
          {
            group: configured,
          },
        ),
        project: list('Only these projects of the configuration', { alias: 'p', group: configured }),
        out: text('out', 'The directory to write into; made when it is not there', {
          alias: 'o',
          group: single,
        }),
        world: text('world', 'The world, when the package has several: `name` or `ns:package/name@1.0.0`', {
          alias: 'w',
          group: single,
        }),
        target: text('target', `What to generate, or a module with a target: ./my-target.js`, {
          group: single,
        }),
        features: { ...featureOptions.features, group: single },
        'all-features': { ...featureOptions['all-features'], group: single },
        ...targetFlags(),
      })
      .example('$0 wit -o src/bindings', 'The only world of the package in wit/')
      .example('$0 tool.wasm -o bindings', 'The world of a component, root:component/root')
      .example('$0 wasi:http --world proxy -o bindings', 'A world of a package that comes with wittle')
      .example(
        '$0 --check',
        'For CI: whether all that the configuration says has been generated',
      ) as unknown as Argv<GenerateArgs>,
  run: async (args, io) => {
    const started = now();
    const load = configOf(args, io);
    const options: BuildOptions = {
      cwd: io.cwd,
      projects: args.project ?? [],
      check: args.check ?? false,
      force: args.force ?? false,
    };
    const { quiet = false, check = false } = args;
    const report = reporter(formatOf(args), { quiet, check }, io);
    if (args.watch) return watchUntilInterrupted(load, options, report, io);
    const result = await buildOnce(await load(false), options, io, started);
    report.build(result);
    return result.ok ? 0 : 1;
  },
};

async function buildOnce(
  config: LoadedConfig,
  options: BuildOptions,
  io: Io,
  started: number,
): Promise<BuildResult> {
  const plan = await planBuild(config, options);
  const progress = progressOf(io, started);
  try {
    return await buildPlan(plan, plan.projects, options, started, ({ name, wit }, output) => {
      const what = name === '' ? wit : name;
      progress.show(output === undefined ? `reading the WIT of ${what} …` : `generating ${output.shown} …`);
    });
  } finally {
    progress.clear();
  }
}

async function watchUntilInterrupted(
  load: (again: boolean) => Promise<LoadedConfig>,
  options: BuildOptions,
  report: Reporter,
  io: Io,
): Promise<number> {
  const { watch } = await import('../build/watch.ts');
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  const onProblem = (problem: string): void =>
    io.stderr(
      `warning: not everything can be watched: ${problem}\n  hint: CHOKIDAR_USEPOLLING=1 looks regularly instead\n`,
    );
  try {
    await watch({
      ...options,
      load,
      signal: stop.signal,
      onBuild: report.build,
      onReady: report.ready,
      onProblem,
    });
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
  return 0;
}

function formatOf(args: GenerateArgs): Format {
  if (args.json !== true) return (args.format ?? 'pretty') as Format;
  if (args.format === 'github') throw failure('--json and --format github are two formats', 'choose one');
  return 'json';
}

/** Where projects come from: a configuration that is read again when asked, or the arguments. */
function configOf(args: GenerateArgs, io: Io): (again: boolean) => Promise<LoadedConfig> {
  if (args.check && args.watch) throw failure('--check and --watch exclude each other', 'choose one');
  if (args.wit === undefined) {
    const given = [
      ...['out', 'world', 'target', 'features', 'all-features'].filter((name) => isGiven(args[name])),
      ...givenFlags(args),
    ];
    if (given.length > 0) {
      throw failure(
        `--${given[0]} is for a single <wit>`,
        `name the WIT, or write it into wittle.config.json; \`wittle generate --help\` says what there is`,
      );
    }
    return (again) => loadConfig({ cwd: io.cwd, config: args.config, again });
  }
  for (const name of ['config', 'project']) {
    if (isGiven(args[name])) throw failure(`--${name} is for a configuration`, 'leave out <wit>');
  }
  if (args.out === undefined) throw failure('nowhere to write to', 'name a directory: -o DIR');
  const target = args.target ?? 'host';
  const output = { target, out: args.out, options: targetOptions(target, args) };
  const { wit, world } = args;
  const project = {
    wit,
    ...(world !== undefined && { world }),
    features: args.features ?? [],
    allFeatures: args['all-features'] ?? false,
    // Checked together with the rest.
    ...(output as OutputConfig),
  };
  return () => checkConfig({ projects: { '': project } }, io.cwd, locateFlag);
}

const locateFlag: Locate = (path, code, message, { hint } = {}) => {
  const [, , part, property] = path;
  const where = part === 'options' && typeof property === 'string' ? `--${flagName(property)}: ` : '';
  return finding(code, `${where}${message}`, undefined, hint);
};
