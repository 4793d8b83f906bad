/** Target `guest`: types for a component that is written in TypeScript, and what runs one in process. */
import type { Diagnostic, World } from '@wittle/parser';
import type { Code } from '../../emit/code.ts';
import type { GeneratedFile } from '../../emit/file.ts';
import { header } from '../../emit/header.ts';
import {
  DISPOSABLE,
  emitDefaults,
  emitProblems,
  emitSchemas,
  moduleFiles,
  type EmitOptions,
  type ModuleOptions,
} from '../../emit/module.ts';
import { witSources } from '../../emit/sources.ts';
import type { GenerateResult, Generator, Target } from '../../target.ts';
import { waitingOptions } from '../../world/blocking.ts';
import { planWorld } from '../../world/plan.ts';
import { problem, tooDeep, unsupportedAsync } from '../../world/problems.ts';
import { shapeDefaults } from '../../typescript/shapes.ts';
import { hostTarget, type HostOptions } from '../host/index.ts';
import { glueDirectory, glueProblems, type GlueOptions } from '../stubs/glue.ts';
import { ambientFiles } from './ambient.ts';
import { implementationFile } from './exports.ts';
import { inProcessFiles } from './in-process.ts';
import { guestLimits } from './limits.ts';
import { guestFile } from './world.ts';

export interface GuestOptions
  extends EmitOptions, Pick<HostOptions, 'mayBlock' | 'syncExports'>, GlueOptions {
  /**
   * The types for ComponentizeJS and `jco componentize`: `imports.d.ts`, which declares modules for all that is compiled
   * together with it, `exports/` and `index.ts`; and warnings of what those make no component of. Default true.
   */
  readonly componentize: boolean;
  /**
   * Also `instantiate.ts`, which runs a guest in this process, and what it needs; it imports `@wittle/runtime`. `glue`,
   * `mayBlock` and `syncExports` are for it. Default false.
   */
  readonly inProcess: boolean;
  /**
   * The directory of the world's glue of target `host`, relative to that of the output. Default: empty, glue is
   * generated along with the rest.
   */
  readonly glue: string;
}

/** The defaults of {@link GuestOptions}. */
export const guestDefaults: GuestOptions = {
  ...emitDefaults,
  componentize: true,
  inProcess: false,
  glue: '',
  mayBlock: [],
  syncExports: [],
};

const { mayBlock, syncExports } = (
  hostTarget.optionsSchema as { properties: Readonly<Record<keyof HostOptions, object>> }
).properties;

export const guestTarget: Target<GuestOptions> = {
  name: 'guest',
  description:
    'types for a guest written in TypeScript: modules that it imports, and what it exports; runs it in process',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...emitSchemas,
      componentize: {
        description: 'types for ComponentizeJS: imports.d.ts, exports/ and index.ts; the default',
        type: 'boolean',
        default: true,
      },
      inProcess: {
        description: 'also instantiate.ts, whose instantiateGuest() runs a guest in this process',
        type: 'boolean',
        default: false,
      },
      glue: {
        description: "where the world's glue of target host is; empty: it is generated along with the rest",
        type: 'string',
        default: '',
      },
      mayBlock,
      syncExports,
    },
  },
  defaults: guestDefaults,
  glueDirectory: (options) => (options.inProcess && options.glue !== '' ? glueDirectory(options) : undefined),
  generate,
};

function generate(world: World, options: GuestOptions, generator: Generator): GenerateResult {
  const plan = planWorld(world, waitingOptions({ mayBlock: [], syncExports: [] }));
  const deep = tooDeep(plan);
  if (deep.length > 0) return { files: [], diagnostics: deep };
  const diagnostics = [
    ...emitProblems(options),
    ...optionProblems(options),
    ...(options.glue === '' ? [] : glueProblems(options)),
    ...unsupportedAsync(plan, guestTarget.name),
  ];
  if (diagnostics.length > 0) return { files: [], diagnostics };
  const head = header(guestTarget, plan.label, options, generator);
  const sources = witSources(plan, generator);
  const references = [DISPOSABLE];
  const module: ModuleOptions = { ...options, header: head, references, sources };
  const files = (path: string, sections: readonly Code[]): readonly GeneratedFile[] => {
    const up = '../'.repeat(path.split('/').length - 1) || './';
    return moduleFiles(path, sections, {
      ...module,
      references: [...references, `path="${up}imports.d.ts"`],
    });
  };
  const running = options.inProcess
    ? inProcessFiles(world, { ...shapeDefaults, ...options }, generator, module)
    : { files: [], diagnostics: [] };
  if (running.diagnostics.length > 0) return running;
  if (!options.componentize)
    return { files: [...running.files, ...sources.copies()], diagnostics: running.diagnostics };
  return {
    files: [
      // No module itself, or its modules would only add to others.
      ...ambientFiles(plan, module),
      ...plan.exports.flatMap((side) => files(side.file, implementationFile(plan, side))),
      ...files('index', guestFile(plan, options.importSuffix)),
      ...running.files,
      ...sources.copies(),
    ],
    diagnostics: guestLimits(plan),
  };
}

/** Options that say nothing without another, or leave nothing to generate, are a mistake. */
function optionProblems({ componentize, inProcess, ...options }: GuestOptions): readonly Diagnostic[] {
  if (inProcess) return [];
  if (!componentize)
    return [
      problem(
        'invalid-option',
        'neither option componentize nor option inProcess is on: there is nothing to generate',
      ),
    ];
  return (['glue', 'mayBlock', 'syncExports'] as const)
    .filter((name) => options[name].length > 0)
    .map((name) =>
      problem('invalid-option', `option ${name} is for guests in process: it goes with option inProcess`),
    );
}
