/** Target `host`: glue for a program that runs a guest and implements what it imports. */
import type { World } from '@wittle/parser';
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
import { shapeDefaults, shapeSchemas, type ShapeOptions } from '../../typescript/shapes.ts';
import { waitingOptions } from '../../world/blocking.ts';
import { exportFile } from './exports.ts';
import { importFile } from './imports.ts';
import { planWorld } from '../../world/plan.ts';
import { tooDeep, unknownFunctions, unknownImports, unsupportedAsync } from '../../world/problems.ts';
import { functionsOf, valueFunctions } from './values/functions.ts';
import { worldFile } from './world.ts';

export interface HostOptions extends EmitOptions, ShapeOptions {
  /**
   * Imported functions that may have to wait, beside those of WASI that do by definition: names as in
   * `demo:shop/db#query`, or `*` for all. Their implementations may return promises.
   */
  readonly mayBlock: readonly string[];
  /**
   * Exported functions that never wait although imports may: they stay synchronous. Names as in `demo:shop/cart#add`, or
   * `*` for all.
   */
  readonly syncExports: readonly string[];
}

/** The defaults of {@link HostOptions}. */
export const hostDefaults: HostOptions = {
  ...emitDefaults,
  mayBlock: [],
  syncExports: [],
  ...shapeDefaults,
};

export const hostTarget: Target<HostOptions> = {
  name: 'host',
  description:
    'typed glue for the program that runs a guest: instantiate(), Host interfaces, exported functions',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...emitSchemas,
      mayBlock: {
        description:
          'imported functions that may wait, beside those of WASI: `ns:package/interface#function`, or `*`',
        type: 'array',
        items: { type: 'string' },
        default: [],
      },
      syncExports: {
        description: 'exported functions that never wait: `ns:package/interface#function`, or `*`',
        type: 'array',
        items: { type: 'string' },
        default: [],
      },
      ...shapeSchemas,
    },
  },
  defaults: hostDefaults,
  generate,
};

function generate(world: World, options: HostOptions, generator: Generator): GenerateResult {
  const plan = planWorld(world, waitingOptions(options), options);
  const deep = tooDeep(plan);
  if (deep.length > 0) return { files: [], diagnostics: deep };
  const diagnostics = [
    ...emitProblems(options),
    ...unknownFunctions(plan, 'mayBlock', options.mayBlock, plan.imports),
    ...unknownFunctions(plan, 'syncExports', options.syncExports, plan.exports),
    ...unknownImports(plan),
    ...unsupportedAsync(plan, hostTarget.name),
  ];
  if (diagnostics.length > 0) return { files: [], diagnostics };
  const functions = valueFunctions(plan);
  const sides = [...plan.imports, ...plan.exports];
  const sections = sides.map((side) => {
    const cx = { plan, functions, side, account: undefined };
    return { side, own: side.direction === 'import' ? importFile(cx) : exportFile(cx) };
  });
  const sources = witSources(plan, generator);
  const module: ModuleOptions = {
    ...options,
    header: header(hostTarget, plan.label, options, generator),
    references: [DISPOSABLE],
    sources,
  };
  const files = [
    ...sections.flatMap(({ side, own }) =>
      moduleFiles(side.file, [...own, ...functionsOf(functions, side.file)], module),
    ),
    ...moduleFiles('index', worldFile(plan, options.importSuffix), module),
  ];
  return { files: [...files, ...sources.copies()], diagnostics: [] };
}
