/** Target `guest`: types for a component that is written in TypeScript. */
import type { World } from '@wittle/parser';
import { code, type Code } from '../../emit/code.ts';
import { printFile, type GeneratedFile } from '../../emit/file.ts';
import { layOut } from '../../emit/format.ts';
import { header } from '../../emit/header.ts';
import type { GenerateResult, Generator, Target } from '../../target.ts';
import { waitingOptions } from '../../world/blocking.ts';
import { planWorld } from '../../world/plan.ts';
import { tooDeep, unsupportedAsync } from '../../world/problems.ts';
import { ambientModules } from './ambient.ts';
import { implementationFile } from './exports.ts';
import { guestLimits } from './limits.ts';
import { guestFile } from './world.ts';

export interface GuestOptions {
  /** How relative imports end. Default `.js`. */
  readonly importSuffix: '.js' | '.ts' | '';
}

/** The defaults of {@link GuestOptions}. */
export const guestDefaults: GuestOptions = { importSuffix: '.js' };

export const guestTarget: Target<GuestOptions> = {
  name: 'guest',
  description: 'types for a guest written in TypeScript: modules that it imports, and what it exports',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      importSuffix: { description: 'how relative imports end', enum: ['.js', '.ts', ''], default: '.js' },
    },
  },
  defaults: guestDefaults,
  generate,
};

function generate(world: World, options: GuestOptions, generator: Generator): GenerateResult {
  const plan = planWorld(world, waitingOptions({ mayBlock: [], syncExports: [] }));
  const deep = tooDeep(plan);
  if (deep.length > 0) return { files: [], diagnostics: deep };
  const diagnostics = unsupportedAsync(plan, guestTarget.name);
  if (diagnostics.length > 0) return { files: [], diagnostics };
  const top = `${header(guestTarget, plan.label, options, generator)}/// <reference lib="esnext.disposable" />\n`;
  const file = (path: string, sections: readonly Code[]): GeneratedFile => {
    const up = '../'.repeat(path.split('/').length - 1) || './';
    const withImports = `${top}/// <reference path="${up}imports.d.ts" />\n`;
    // What exports nothing would be no module.
    const own = sections.length === 0 ? [code`export {};`] : sections;
    const made = printFile(path, own, { header: withImports, importSuffix: options.importSuffix });
    return { ...made, contents: layOut(made.contents) };
  };
  return {
    files: [
      // No module itself, or its modules would only add to others.
      { path: 'imports.d.ts', contents: `${top}\n${ambientModules(plan)}` },
      ...plan.exports.map((side) => file(side.file, implementationFile(plan, side))),
      file('index', guestFile(plan, options.importSuffix)),
    ],
    diagnostics: guestLimits(plan),
  };
}
