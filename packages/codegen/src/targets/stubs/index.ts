/** Target `stubs`: where an implementation of what a world imports begins. */
import type { World } from '@wittle/parser';
import type { GeneratedFile } from '../../emit/file.ts';
import type { GenerateResult, Generator, Target } from '../../target.ts';
import { shapeDefaults, shapeSchemas } from '../../typescript/shapes.ts';
import { waitingOptions } from '../../world/blocking.ts';
import { planWorld } from '../../world/plan.ts';
import { tooDeep, unknownFunctions, unknownImports, unsupportedAsync } from '../../world/problems.ts';
import { hostTarget, type HostOptions } from '../host/index.ts';
import { needsHost } from '../host/imports.ts';
import { glueDirectory, glueProblems, glueSchema, type GlueOptions } from './glue.ts';
import { indexFile, skeletonFile } from './skeleton.ts';

/**
 * The options of the host glue that the stubs are for, as far as its imports are concerned, and where it is. Stubs are
 * TypeScript, whatever that is.
 */
export interface StubsOptions extends Omit<HostOptions, 'emit' | 'syncExports'>, GlueOptions {}

/** The defaults of {@link StubsOptions}. */
export const stubsDefaults: StubsOptions = {
  glue: glueSchema.default,
  importSuffix: '.js',
  mayBlock: [],
  ...shapeDefaults,
};

const { importSuffix, mayBlock } = (
  hostTarget.optionsSchema as { properties: Readonly<Record<keyof HostOptions, object>> }
).properties;

export const stubsTarget: Target<StubsOptions> = {
  name: 'stubs',
  description:
    'where an implementation of what a world imports begins: classes and functions to be filled in',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: { glue: glueSchema, importSuffix, mayBlock, ...shapeSchemas },
  },
  defaults: stubsDefaults,
  glueDirectory,
  generate,
};

function generate(world: World, options: StubsOptions, { name }: Generator): GenerateResult {
  const plan = planWorld(world, waitingOptions({ ...options, syncExports: [] }), options);
  const deep = tooDeep(plan);
  if (deep.length > 0) return { files: [], diagnostics: deep };
  const diagnostics = [
    ...glueProblems(options),
    ...unknownFunctions(plan, 'mayBlock', options.mayBlock, plan.imports),
    ...unknownImports(plan),
    ...unsupportedAsync(plan, stubsTarget.name),
  ];
  if (diagnostics.length > 0) return { files: [], diagnostics };
  const sides = plan.imports.filter(needsHost);
  const context = { plan, glue: glueDirectory(options), importSuffix: options.importSuffix, generator: name };
  const files: readonly GeneratedFile[] = [
    ...sides.map((side) => skeletonFile({ ...context, side })),
    indexFile(context, sides),
  ];
  return { files: files.map((file) => ({ ...file, isTemplate: true })), diagnostics: [] };
}
