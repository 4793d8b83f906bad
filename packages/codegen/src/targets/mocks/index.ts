/** Target `mocks`: doubles of a host for tests, and random values of a world's types. */
import type { World } from '@wittle/parser';
import type { Code } from '../../emit/code.ts';
import { printFile, type GeneratedFile } from '../../emit/file.ts';
import { layOut } from '../../emit/format.ts';
import { header } from '../../emit/header.ts';
import type { GenerateResult, Generator, Target } from '../../target.ts';
import { shapeDefaults, shapeSchemas, type ShapeOptions } from '../../typescript/shapes.ts';
import { waitingOptions } from '../../world/blocking.ts';
import { planWorld } from '../../world/plan.ts';
import { tooDeep, unsupportedAsync } from '../../world/problems.ts';
import { glueDirectory, glueProblems, glueSchema, type GlueOptions } from '../stubs/glue.ts';
import { arbitraries } from './arbitraries.ts';
import { mockFile, worldFile } from './host.ts';

/** The shapes are those of the host glue. */
export interface MocksOptions extends ShapeOptions, GlueOptions {
  /** How relative imports end. Default `.js`. */
  readonly importSuffix: '.js' | '.ts' | '';
  /** Whether there is `arbitraries.ts`, which imports fast-check. Default true. */
  readonly arbitraries: boolean;
}

/** The defaults of {@link MocksOptions}. */
export const mocksDefaults: MocksOptions = {
  glue: '../bindings',
  importSuffix: '.js',
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
      importSuffix: { description: 'how relative imports end', enum: ['.js', '.ts', ''], default: '.js' },
      arbitraries: {
        description: 'arbitraries.ts, random values of the types, which imports fast-check',
        type: 'boolean',
        default: true,
      },
      ...shapeSchemas,
    },
  },
  defaults: mocksDefaults,
  generate,
};

function generate(world: World, options: MocksOptions, generator: Generator): GenerateResult {
  const waiting = waitingOptions({ mayBlock: [], syncExports: [] });
  const plan = planWorld(world, waiting, options);
  const deep = tooDeep(plan);
  if (deep.length > 0) return { files: [], diagnostics: deep };
  const diagnostics = [...glueProblems(options), ...unsupportedAsync(plan, mocksTarget.name)];
  if (diagnostics.length > 0) return { files: [], diagnostics };
  const glue = glueDirectory(options);
  const top = `${header(mocksTarget, plan.label, options, generator)}/// <reference lib="esnext.disposable" />\n`;
  const file = (path: string, sections: readonly Code[], imports = ''): GeneratedFile => {
    const print = { header: `${top}${imports}`, importSuffix: options.importSuffix };
    const made = printFile(path, sections, print);
    return { ...made, contents: layOut(made.contents) };
  };
  const imported = planWorld({ ...world, exports: [] }, waiting, options);
  const files = [file('mocks', mockFile(plan, glue)), file('world', worldFile(imported))];
  const values = options.arbitraries ? arbitraries(plan, glue) : undefined;
  if (values !== undefined) files.push(file('arbitraries', values, "import * as fc from 'fast-check';\n"));
  return { files, diagnostics: [] };
}
