/** Target `mocks`: doubles of a host for tests, and random values of a world's types. */
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
import { planWorld } from '../../world/plan.ts';
import { tooDeep, unknownImports, unsupportedAsync } from '../../world/problems.ts';
import { glueDirectory, glueProblems, glueSchema, type GlueOptions } from '../stubs/glue.ts';
import { arbitraries } from './arbitraries.ts';
import { mockFile, worldFile } from './host.ts';

/** The shapes are those of the host glue. */
export interface MocksOptions extends EmitOptions, ShapeOptions, GlueOptions {
  /** Whether there is `arbitraries.ts`, which imports fast-check. Default true. */
  readonly arbitraries: boolean;
}

/** The defaults of {@link MocksOptions}. */
export const mocksDefaults: MocksOptions = {
  glue: glueSchema.default,
  ...emitDefaults,
  arbitraries: true,
  ...shapeDefaults,
};

export const mocksTarget: Target<MocksOptions> = {
  name: 'mocks',
  description: 'for tests: mockHost(), a double that records calls, and random values of every type',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      glue: glueSchema,
      ...emitSchemas,
      arbitraries: {
        description: 'also arbitraries.ts, random values of the types, which imports fast-check; the default',
        type: 'boolean',
        default: true,
      },
      ...shapeSchemas,
    },
  },
  defaults: mocksDefaults,
  glueDirectory,
  generate,
};

function generate(world: World, options: MocksOptions, generator: Generator): GenerateResult {
  const waiting = waitingOptions({ mayBlock: [], syncExports: [] });
  const plan = planWorld(world, waiting, options);
  const deep = tooDeep(plan);
  if (deep.length > 0) return { files: [], diagnostics: deep };
  const diagnostics = [
    ...emitProblems(options),
    ...glueProblems(options),
    ...unknownImports(plan),
    ...unsupportedAsync(plan, mocksTarget.name),
  ];
  if (diagnostics.length > 0) return { files: [], diagnostics };
  const glue = glueDirectory(options);
  const sources = witSources(plan, generator);
  const module: ModuleOptions = {
    ...options,
    header: header(mocksTarget, plan.label, options, generator),
    references: [DISPOSABLE],
    sources,
  };
  const imported = planWorld({ ...world, exports: [] }, waiting, options);
  const values = options.arbitraries ? arbitraries(plan, glue) : undefined;
  const imports = "import * as fc from 'fast-check';\n";
  const files = [
    ...moduleFiles('mocks', mockFile(plan, glue), module),
    ...moduleFiles('world', worldFile(imported), module),
    ...(values === undefined ? [] : moduleFiles('arbitraries', values, { ...module, imports })),
  ];
  return { files: [...files, ...sources.copies()], diagnostics: [] };
}
